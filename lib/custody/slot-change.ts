/** Replaces one way to unlock a vault, by its patron's signed write, and destroys the old one's row and OPRF key with it. */
import { rotationLock } from "@/db/advisory-locks";
import { lockRotation } from "@/db/vault-keys";
import { insertSlot, keepSlots, lockVaultByHandle, readSlots, updateHeadAndManifest } from "@/db/vaults";
import type { SlotChange, SlotKind } from "@/lib/vault/vault-contents";
import { slotChangeMessage, verifyWrite } from "@/lib/vault/vault-write";
import { type Custody, handleOf, knowVault, replaceOprfKeys, sealRow, tryRow } from "./custody";
import { openOprfTicket } from "./oprf-ticket";
import { readStoredSlot, writeStoredSlot } from "./stored-blob";
import { sealHead } from "./vault-head";
import { manifestPlace } from "./vault-store";

export type SlotChangeOutcome = { ok: true } | { ok: false; why: "conflict" | "refused" | "no-vault" };

const refused: SlotChangeOutcome = { ok: false, why: "refused" };

/**
 * Applies one signed change, whole or not at all. Afterwards the vault has the new slot and the kept ones, which must be
 * one passphrase and one recovery code; every other slot row and OPRF key is gone. An old passphrase's wrap is then dead in
 * every backup once the next rotation has destroyed the master that wrapped its OPRF key. An old recovery code's is not: it
 * needs no second half, and the shred key lives on. Only a vault begun afresh is safe from a code that was lost.
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
    if (change.vaultId !== id || change.epoch !== head.epoch) return refused;
    if (!verifyWrite(head.signPublicKey, slotChangeMessage(change), change.signature)) return refused;
    if (change.previousSequence !== head.sequence) return { ok: false, why: "conflict" };

    const { slot, keptSlotIds } = change;
    const place = (rowId: string) => ({ kind: "slot", vaultId: id, rowId });
    const kept = (await readSlots(tx, id)).flatMap((row): SlotKind[] => {
      const bytes = keptSlotIds.includes(row.id) ? tryRow(shredKey, place(row.id), row.body) : null;
      return bytes ? [readStoredSlot(row.id, bytes).kind] : [];
    });
    if (kept.length !== keptSlotIds.length || !isWhole([...kept, slot.kind])) return refused;

    const oprfKey =
      change.oprfTicket && openOprfTicket(keyring, { vaultId: id, slotId: slot.id }, change.oprfTicket, now);
    const ticketFits = slot.kind === "passphrase" ? oprfKey !== null : change.oprfTicket === null;
    if (!ticketFits) return refused;

    const body = sealRow(shredKey, place(slot.id), writeStoredSlot(slot));
    if (!(await insertSlot(tx, id, { id: slot.id, body }))) return refused;
    await keepSlots(tx, id, [...keptSlotIds, slot.id]);
    await replaceOprfKeys(tx, keyring, id, keptSlotIds, oprfKey && { slotId: slot.id, key: oprfKey });
    await updateHeadAndManifest(
      tx,
      id,
      sealHead(shredKey, id, { ...head, sequence: head.sequence + 1 }),
      sealRow(shredKey, manifestPlace(stored), change.manifest),
    );
    return { ok: true };
  });
}

/** What a vault has from its creation on, and never less. */
function isWhole(kinds: SlotKind[]): boolean {
  return kinds.toSorted().join() === "passphrase,recovery";
}
