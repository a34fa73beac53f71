/** A slot: the root key wrapped for one way to unlock, bound to its vault, epoch, id and kind. */
import "./marker";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { lengthPrefix, vaultDomain } from "../length-prefix";
import { passkeyHeadBytes } from "../passkey-question";
import type { RandomBytes } from "../random-bytes";
import { type BlobPlace, openBlob, sealBlob } from "../sealed-blob";
import type { Slot, SlotKind } from "../vault-contents";
import { type RootKey, rootKeyFrom } from "./root-key";

export interface SlotPlace {
  vaultId: string;
  epoch: number;
  slotId: string;
}

/** Fixes everything else: the stretching of a passphrase, the length of a recovery code, a passkey's head, the layout below. */
const slotVersion = 1;
const headBytesOf: Record<SlotKind, number> = { passphrase: 16, recovery: 0, passkey: passkeyHeadBytes };

const blobPlace = (kind: SlotKind, place: SlotPlace): BlobPlace => ({
  kind: `slot-${kind}`,
  vaultId: place.vaultId,
  epoch: place.epoch,
  objectId: place.slotId,
  revision: slotVersion,
});

/**
 * Layout: slot version 1 ‖ head ‖ sealed blob of the root key. The head is what must be known before unlocking: the salt of
 * a passphrase (16 bytes), nothing for a recovery code, salt, credential and host of a passkey. The slot key depends on it.
 */
export function sealSlot(
  kind: SlotKind,
  place: SlotPlace,
  slotKey: Uint8Array,
  head: Uint8Array,
  rootKey: RootKey,
  random: RandomBytes,
): Uint8Array {
  return concatBytes(
    Uint8Array.of(slotVersion),
    head,
    sealBlob(slotKey, blobPlace(kind, place), rootKey, random),
  );
}

/** A slot in its parts, the head empty where its kind has none. */
export function readSlot(
  slot: Slot,
): { ok: true; head: Uint8Array; sealed: Uint8Array } | { ok: false; why: "unknown-version" | "damaged" } {
  const headEnd = 1 + headBytesOf[slot.kind];
  if (slot.blob.length === 0) return { ok: false, why: "damaged" };
  if (slot.blob[0] !== slotVersion) return { ok: false, why: "unknown-version" };
  if (slot.blob.length <= headEnd) return { ok: false, why: "damaged" };
  return { ok: true, head: slot.blob.subarray(1, headEnd), sealed: slot.blob.subarray(headEnd) };
}

/** A wrong key and a damaged slot look alike. */
export function openSlot(
  slot: Slot,
  place: SlotPlace,
  slotKey: Uint8Array,
): { ok: true; rootKey: RootKey } | { ok: false; why: "unknown-version" | "damaged" } {
  const parts = readSlot(slot);
  if (!parts.ok) return parts;
  const opened = openBlob(slotKey, blobPlace(slot.kind, place), parts.sealed);
  return opened.ok ? { ok: true, rootKey: rootKeyFrom(opened.bytes) } : opened;
}

/** SHA-256 of `LP(DS, "slots", slots (id, kind, SHA-256 of the blob))`, in the order of their ids. */
export function slotsDigest(slots: readonly Slot[]): Uint8Array {
  const sorted = slots.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const fields = sorted.flatMap((slot) => [slot.id, slot.kind, sha256(slot.blob)]);
  return sha256(lengthPrefix(vaultDomain, "slots", sorted.length, ...fields));
}
