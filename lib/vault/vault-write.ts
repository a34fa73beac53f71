/** The exact bytes that a browser signs for each write to its vault, and that the server checks before it stores anything. */
import { sha256 } from "@noble/hashes/sha2.js";
import { type Field, lengthPrefix, vaultDomain } from "./length-prefix";
import { verify } from "./signature";
import type { Afresh, SlotChange, VaultCommit, VaultCreation } from "./vault-contents";

/** The sequence number of a new vault's first manifest. */
export const firstSequence = 1;

const list = <T>(members: readonly T[], fields: (member: T) => Field[]): Field[] => [
  members.length,
  ...members.flatMap(fields),
];

/**
 * `LP(DS, "create", vault id, epoch, 1, recipient, signing key, slots (id, kind, SHA-256 of the blob),
 * SHA-256 of the ticket, SHA-256 of the manifest)`. Signed by the very key it announces: proof that the creator holds it.
 */
export function creationMessage(creation: Omit<VaultCreation, "signature">): Uint8Array {
  return lengthPrefix(
    vaultDomain,
    "create",
    creation.vaultId,
    creation.epoch,
    firstSequence,
    creation.recipient,
    creation.signPublicKey,
    ...list(creation.slots, (slot) => [slot.id, slot.kind, sha256(slot.blob)]),
    sha256(creation.oprfTicket),
    sha256(creation.manifest),
  );
}

/**
 * `LP(DS, "commit", vault id, epoch, previous sequence, SHA-256 of the manifest, chapters (id, revision, SHA-256 of the blob),
 * dropped chapter ids, opened inbox ids)`, in the order in which they are sent; and, where the sequence is not the next
 * one, `"leap", new sequence` after them.
 */
export function commitMessage(commit: Omit<VaultCommit, "signature">): Uint8Array {
  return lengthPrefix(
    vaultDomain,
    "commit",
    commit.vaultId,
    commit.epoch,
    commit.previousSequence,
    sha256(commit.manifest),
    ...list(commit.chapters, (chapter) => [chapter.id, chapter.revision, sha256(chapter.blob)]),
    ...list(commit.droppedChapterIds, (id) => [id]),
    ...list(commit.openedInboxIds, (id) => [id]),
    ...(commit.leapTo === undefined ? [] : ["leap", commit.leapTo]),
  );
}

/** The sequence that a commit asks for; null when its leap does not go forward. */
export function nextSequence({ previousSequence, leapTo }: VaultCommit): number | null {
  if (leapTo === undefined) return previousSequence + 1;
  return leapTo > previousSequence + 1 ? leapTo : null;
}

/**
 * `LP(DS, "slots", vault id, epoch, previous sequence, SHA-256 of the manifest, new slot (id, kind, SHA-256 of the blob) or
 * three times nothing, kept slot ids, SHA-256 of the ticket or nothing)`, in the order in which they are sent.
 */
export function slotChangeMessage(change: Omit<SlotChange, "signature">): Uint8Array {
  const { slot, oprfTicket } = change;
  return lengthPrefix(
    vaultDomain,
    "slots",
    change.vaultId,
    change.epoch,
    change.previousSequence,
    sha256(change.manifest),
    ...(slot === null ? ["", "", ""] : [slot.id, slot.kind, sha256(slot.blob)]),
    ...list(change.keptSlotIds, (id) => [id]),
    oprfTicket === null ? "" : sha256(oprfTicket),
  );
}

/**
 * `LP(DS, "afresh", vault id, epoch that ends, previous sequence, new recipient, new signing key, slots (id, kind, SHA-256 of
 * the blob), SHA-256 of the ticket, SHA-256 of the manifest, chapters (id, revision, SHA-256 of the blob), settled inbox ids)`,
 * in the order in which they are sent. The old key and the new one both sign it.
 */
export function afreshMessage(afresh: Omit<Afresh, "signature" | "proof">): Uint8Array {
  return lengthPrefix(
    vaultDomain,
    "afresh",
    afresh.vaultId,
    afresh.epoch,
    afresh.previousSequence,
    afresh.recipient,
    afresh.signPublicKey,
    ...list(afresh.slots, (slot) => [slot.id, slot.kind, sha256(slot.blob)]),
    sha256(afresh.oprfTicket),
    sha256(afresh.manifest),
    ...list(afresh.chapters, (chapter) => [chapter.id, chapter.revision, sha256(chapter.blob)]),
    ...list(afresh.settledInboxIds, (id) => [id]),
  );
}

/** `LP(DS, "refill", vault id, epoch, nonce)`: shows that the guess just made was right. */
export function refillMessage(vaultId: string, epoch: number, nonce: Uint8Array): Uint8Array {
  return lengthPrefix(vaultDomain, "refill", vaultId, epoch, nonce);
}

/** True when the vault's stored key signed exactly this message. */
export function verifyWrite(signPublicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(signPublicKey, message, signature);
}
