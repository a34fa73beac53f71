/** Adds, replaces or removes one way to unlock a vault, by its patron's signed write; what goes is destroyed with its OPRF key. */
import { rotationLock } from "@/db/advisory-locks";
import { lockRotation } from "@/db/vault-keys";
import { insertSlot, keepSlots, lockVaultByHandle, readSlots, updateHeadAndManifest } from "@/db/vaults";
import { mostPasskeys, type Slot, type SlotChange, type SlotKind } from "@/lib/vault/vault-contents";
import { slotChangeMessage, verifyWrite } from "@/lib/vault/vault-write";
import { type Custody, handleOf, knowVault, replaceOprfKeys, sealRow, tryRow } from "./custody";
import type { Keyring } from "./keyring";
import { openOprfTicket } from "./oprf-ticket";
import { readStoredSlot, writeStoredSlot } from "./stored-blob";
import { sealHead } from "./vault-head";
import { manifestPlace } from "./vault-store";

export type SlotChangeOutcome = { ok: true } | { ok: false; why: "conflict" | "refused" | "no-vault" };

const refused: SlotChangeOutcome = { ok: false, why: "refused" };

/**
 * Applies one signed change, whole or not at all. Afterwards the vault has the new slot and the kept ones, which must be
 * one passphrase, one recovery code and at most six passkeys; every other slot row and OPRF key is gone. An old passphrase's wrap is then dead in
 * every backup once the next rotation has destroyed the master that wrapped its OPRF key. An old recovery code's or
 * passkey's is not: it needs no second half, and the shred key lives on. Only a vault begun afresh is safe from one that
 * was lost.
 */
export async function changeSlots(
  custody: Custody,
  patronId: string,
  change: SlotChange,
  now: Date,
): Promise<SlotChangeOutcome> {
  const { keyring, db } = custody;
  return db.transaction(async (tx) => {
    await lockRotation(tx, rotationLock, "shared");
    const stored = await lockVaultByHandle(tx, handleOf(keyring, patronId));
    if (!stored) return { ok: false, why: "no-vault" };
    const { id, shredKey, head } = await knowVault(tx, keyring, stored);
    if (change.vaultId !== id || change.epoch > head.epoch) return refused;
    if (change.epoch < head.epoch) return { ok: false, why: "conflict" };
    if (!verifyWrite(head.signPublicKey, slotChangeMessage(change), change.signature)) return refused;
    if (change.previousSequence !== head.sequence) return { ok: false, why: "conflict" };

    const { slot, keptSlotIds } = change;
    const place = (rowId: string) => ({ kind: "slot", vaultId: id, rowId });
    const kept = (await readSlots(tx, id)).flatMap((row): SlotKind[] => {
      const bytes = keptSlotIds.includes(row.id) ? tryRow(shredKey, place(row.id), row.body) : null;
      return bytes ? [readStoredSlot(row.id, bytes).kind] : [];
    });
    if (kept.length !== keptSlotIds.length || !isWhole(slot ? [...kept, slot.kind] : kept)) return refused;

    const oprfKey = change.oprfTicket && (await openTicket(keyring, id, slot, change.oprfTicket, now));
    const ticketFits = slot?.kind === "passphrase" ? oprfKey !== null : change.oprfTicket === null;
    if (!ticketFits) return refused;

    if (slot) {
      const body = sealRow(shredKey, place(slot.id), writeStoredSlot(slot));
      if (!(await insertSlot(tx, id, { id: slot.id, body }))) return refused;
    }
    await keepSlots(tx, id, slot ? [...keptSlotIds, slot.id] : keptSlotIds);
    await replaceOprfKeys(tx, keyring, id, keptSlotIds, oprfKey);
    await updateHeadAndManifest(
      tx,
      id,
      sealHead(shredKey, id, { ...head, sequence: head.sequence + 1 }),
      sealRow(shredKey, manifestPlace(stored), change.manifest),
    );
    return { ok: true };
  });
}

async function openTicket(
  keyring: Keyring,
  vaultId: string,
  slot: Slot | null,
  ticket: Uint8Array,
  now: Date,
) {
  const key = slot && (await openOprfTicket(keyring, { vaultId, slotId: slot.id }, ticket, now));
  return slot && key ? { slotId: slot.id, key } : null;
}

/** What a vault has from its creation on, and never less: a passkey, which may stop working with its device, only beside it. */
function isWhole(kinds: SlotKind[]): boolean {
  const count = (kind: SlotKind) => kinds.filter((one) => one === kind).length;
  return count("passphrase") === 1 && count("recovery") === 1 && count("passkey") <= mostPasskeys;
}
