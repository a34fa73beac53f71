/** Seals bytes under a symmetric key to one place in one vault: chapters, manifests, slots, and the server's envelope. */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { equalBytes } from "@noble/ciphers/utils.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { lengthPrefix, vaultDomain } from "./length-prefix";
import type { RandomBytes } from "./random-bytes";
import { VaultFault } from "./vault-fault";

export type SealedBlob = Uint8Array & { readonly __brand: "SealedBlob" };

/** The one place a blob belongs to. It opens nowhere else. */
export interface BlobPlace {
  /** What the bytes are: `chapter`, `manifest`, `slot-passphrase`, `envelope-slot`, `wrapped-key`, … */
  kind: string;
  vaultId: string;
  epoch: number;
  objectId: string;
  revision: number;
}

export type OpenedBlob = { ok: true; bytes: Uint8Array } | { ok: false; why: "damaged" | "unknown-version" };

const version = 1;
const nonceBytes = 24;
const commitmentBytes = 32;
const tagBytes = 16;
const headBytes = 1 + nonceBytes + commitmentBytes;
/** How many bytes a blob is longer than what it seals. */
export const blobOverheadBytes = headBytes + tagBytes;

function splitKey(key: Uint8Array, nonce: Uint8Array): { cipherKey: Uint8Array; commitment: Uint8Array } {
  // An overwritten key is all zeros, and what it seals anyone can open.
  if (key.length !== 32 || key.every((byte) => byte === 0)) {
    throw new VaultFault(
      "misuse",
      "A key that seals blobs has 32 bytes, and is not one that was overwritten.",
    );
  }
  const okm = hkdf(sha512, key, nonce, undefined, 64);
  return { cipherKey: okm.subarray(0, 32), commitment: okm.subarray(32) };
}

function associatedData(place: BlobPlace): Uint8Array {
  return lengthPrefix(vaultDomain, place.kind, place.vaultId, place.epoch, place.objectId, place.revision);
}

/**
 * Layout: version 1 (1 byte) ‖ nonce (24) ‖ key commitment (32) ‖ XChaCha20-Poly1305 ciphertext and tag.
 * `okm = HKDF-SHA512(key, salt = nonce, 64 bytes)`: the first half is the cipher key, the second the commitment.
 * AAD = `LP(DS, kind, vault id, epoch, object id, revision)`. 73 bytes longer than the plaintext.
 */
export function sealBlob(
  key: Uint8Array,
  place: BlobPlace,
  plaintext: Uint8Array,
  random: RandomBytes,
): SealedBlob {
  const nonce = random(nonceBytes);
  const { cipherKey, commitment } = splitKey(key, nonce);
  const ciphertext = xchacha20poly1305(cipherKey, nonce, associatedData(place)).encrypt(plaintext);
  const blob = new Uint8Array(headBytes + ciphertext.length);
  blob[0] = version;
  blob.set(nonce, 1);
  blob.set(commitment, 1 + nonceBytes);
  blob.set(ciphertext, headBytes);
  return blob as SealedBlob;
}

/**
 * Opens what `sealBlob` made for the same key and place. An unknown version is refused before any key is used;
 * the commitment is compared in constant time before decryption. `damaged` covers everything else, and says no more:
 * a wrong key, a wrong place and a flipped bit look alike.
 */
export function openBlob(key: Uint8Array, place: BlobPlace, blob: Uint8Array): OpenedBlob {
  if (blob.length === 0) return { ok: false, why: "damaged" };
  if (blob[0] !== version) return { ok: false, why: "unknown-version" };
  if (blob.length < blobOverheadBytes) return { ok: false, why: "damaged" };
  const nonce = blob.subarray(1, 1 + nonceBytes);
  const { cipherKey, commitment } = splitKey(key, nonce);
  if (!equalBytes(commitment, blob.subarray(1 + nonceBytes, headBytes))) return { ok: false, why: "damaged" };
  try {
    const bytes = xchacha20poly1305(cipherKey, nonce, associatedData(place)).decrypt(
      blob.subarray(headBytes),
    );
    return { ok: true, bytes };
  } catch {
    return { ok: false, why: "damaged" };
  }
}
