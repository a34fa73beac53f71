/** Puts sealed entries into the inboxes of vaults, each chained to the one before, under the envelope. */
import { randomUUID } from "node:crypto";
import type { Transaction } from "@/db/connection";
import { insertInbox, lockVaults, updateHead } from "@/db/vaults";
import { type EntryKey, entryKeyFrom, entryKeyOf } from "@/lib/vault/loan-mark";
import { type KnownVault, knowVaults, sealRow } from "./custody";
import type { Keyring } from "./keyring";
import { sealHead } from "./vault-head";

export interface OpenInbox {
  vaultId: string;
  recipient: string;
  /** Chain hash of the last entry sealed so far. */
  tail: Uint8Array;
  entryKey: EntryKey;
  /** Stores entries sealed in the order of their chain; `tail` is the chain hash of the last. */
  store(tx: Transaction, sealed: Uint8Array[], tail: Uint8Array): Promise<void>;
}

/** Opens and locks these vaults' inboxes until the transaction ends. One deleted meanwhile or damaged is left out. */
export async function openInboxes(
  tx: Transaction,
  keyring: Keyring,
  vaultIds: string[],
): Promise<OpenInbox[]> {
  const vaults = await knowVaults(tx, keyring, await lockVaults(tx, vaultIds));
  return vaults.map(openInbox);
}

/** One key for the ids of a vault's entries, also after it was started afresh. */
export function entryKeyOfVault({ id, shredKey, head }: KnownVault): EntryKey {
  return head.entryKey ? entryKeyFrom(head.entryKey) : entryKeyOf(shredKey, id);
}

function openInbox(vault: KnownVault): OpenInbox {
  const { id: vaultId, shredKey, head } = vault;
  return {
    vaultId,
    recipient: head.recipient,
    tail: head.inboxTail,
    entryKey: entryKeyOfVault(vault),
    async store(tx, sealed, tail) {
      const rows = sealed.map((entry) => {
        const id = randomUUID();
        return { id, vaultId, body: sealRow(shredKey, { kind: "inbox", vaultId, rowId: id }, entry) };
      });
      await insertInbox(tx, rows);
      await updateHead(tx, vaultId, sealHead(shredKey, vaultId, { ...head, inboxTail: tail }));
    },
  };
}
