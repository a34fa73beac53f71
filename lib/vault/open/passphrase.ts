/** From a passphrase to the key of its slot: Argon2id in the browser, then one answer of the server, then HKDF. */
import "./marker";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { argon2id } from "hash-wasm";
import { lengthPrefix, vaultDomain } from "../length-prefix";
import type { RandomBytes } from "../random-bytes";
import type { SlotPlace } from "./slot";

/** Argon2id of slot version 1. Never read from data, so nobody can hand the browser cheaper ones. */
export const stretchVersion1 = { memorySize: 64 * 1024, iterations: 3, parallelism: 1, hashLength: 32 };
export const saltBytes = 16;

/** The passphrase as it is stretched: NFKC, no space around it, one space between words. */
export function normalizePassphrase(passphrase: string): string {
  return passphrase.normalize("NFKC").trim().replace(/\s+/gu, " ");
}

/** `y`: Argon2id (RFC 9106) of the normalised passphrase, 64 MiB, 3 passes, 1 lane, 32 bytes. About 0.4 s. */
export function stretch(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  return argon2id({
    password: new TextEncoder().encode(normalizePassphrase(passphrase)),
    salt,
    ...stretchVersion1,
    outputType: "binary",
  });
}

export interface Blinding {
  /** Stays here. */
  blind: Uint8Array;
  /** Goes to the server; it is uniformly random to anyone without `blind`. */
  blinded: Uint8Array;
}

/** RFC 9497 §3.3.1 Blind of `y`, OPRF mode, ristretto255-SHA512. */
export function blindStretched(stretched: Uint8Array, random: RandomBytes): Blinding {
  return ristretto255_oprf.oprf.blind(stretched, (length = 32) => Uint8Array.from(random(length)));
}

/**
 * `z = Finalize(y, blind, evaluated)`; `KEK = HKDF-SHA512(y ‖ z, salt = vault id, info = LP(DS, "slot-passphrase", epoch,
 * slot id), 32 bytes)`. Null when the server's answer is not a group element.
 */
export function passphraseKey(
  stretched: Uint8Array,
  blind: Uint8Array,
  evaluated: Uint8Array,
  place: SlotPlace,
): Uint8Array | null {
  let finished: Uint8Array;
  try {
    finished = ristretto255_oprf.oprf.finalize(stretched, blind, evaluated);
  } catch {
    return null;
  }
  const salt = new TextEncoder().encode(place.vaultId);
  const info = lengthPrefix(vaultDomain, "slot-passphrase", place.epoch, place.slotId);
  return hkdf(sha512, concatBytes(stretched, finished), salt, info, 32);
}
