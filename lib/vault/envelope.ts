/** The server's own layer: the master wraps a vault's keys, and the shred key wraps every row that is stored for it. */
import type { RandomBytes } from "./random-bytes";
import { type BlobPlace, type OpenedBlob, openBlob, type SealedBlob, sealBlob } from "./sealed-blob";

/** 32 random bytes, outside the database, replaced daily. */
export type MasterKey = Uint8Array & { readonly __brand: "MasterKey" };
/** 32 random bytes of one vault. Destroying it destroys every row, in every backup. */
export type ShredKey = Uint8Array & { readonly __brand: "ShredKey" };

export interface WrappedKeyPlace {
  generation: number;
  vaultId: string;
  /** `shred`, or the id of the passphrase slot whose OPRF key it is. */
  keyId: string;
}

export interface RowPlace {
  /** `slot`, `chapter`, `manifest`, `head`, `inbox`. */
  kind: string;
  vaultId: string;
  rowId: string;
}

export function newShredKey(random: RandomBytes): ShredKey {
  return random(32) as ShredKey;
}

/** Takes up 32 bytes that the keyring holds. */
export function masterKeyFrom(bytes: Uint8Array): MasterKey {
  return bytes as MasterKey;
}

/** Takes up 32 bytes that `unwrapKey` gave for the key id `shred`. */
export function shredKeyFrom(bytes: Uint8Array): ShredKey {
  return bytes as ShredKey;
}

const keyPlace = (place: WrappedKeyPlace): BlobPlace => ({
  kind: "wrapped-key",
  vaultId: place.vaultId,
  epoch: 0,
  objectId: place.keyId,
  revision: place.generation,
});

const rowPlace = (place: RowPlace): BlobPlace => ({
  kind: `envelope-${place.kind}`,
  vaultId: place.vaultId,
  epoch: 0,
  objectId: place.rowId,
  revision: 0,
});

/** AAD = `LP(DS, "wrapped-key", vault id, 0, key id, generation)`. 73 bytes longer than the key. */
export function wrapKey(
  master: MasterKey,
  place: WrappedKeyPlace,
  key: Uint8Array,
  random: RandomBytes,
): SealedBlob {
  return sealBlob(master, keyPlace(place), key, random);
}

export function unwrapKey(master: MasterKey, place: WrappedKeyPlace, wrapped: Uint8Array): OpenedBlob {
  return openBlob(master, keyPlace(place), wrapped);
}

/** AAD = `LP(DS, "envelope-" + kind, vault id, 0, row id, 0)`. 73 bytes longer than the row. */
export function envelopeSeal(
  shredKey: ShredKey,
  place: RowPlace,
  bytes: Uint8Array,
  random: RandomBytes,
): SealedBlob {
  return sealBlob(shredKey, rowPlace(place), bytes, random);
}

export function envelopeOpen(shredKey: ShredKey, place: RowPlace, sealed: Uint8Array): OpenedBlob {
  return openBlob(shredKey, rowPlace(place), sealed);
}
