/** Ed25519 (RFC 8032) as the vault uses it: the patron's writes, the library's intake, deletion receipts. */
import { ed25519 } from "@noble/curves/ed25519.js";
import type { RandomBytes } from "./random-bytes";

/** The 32-byte seed of RFC 8032. */
export type SigningKey = Uint8Array & { readonly __brand: "SigningKey" };

export const signatureBytes = 64;

export function newSigningKey(random: RandomBytes): SigningKey {
  return random(32) as SigningKey;
}

/** Takes up a seed that was stored. */
export function signingKeyFrom(seed: Uint8Array): SigningKey {
  return seed as SigningKey;
}

/** 32 bytes. */
export function signingPublicKey(key: SigningKey): Uint8Array {
  return ed25519.getPublicKey(key);
}

/** 64 bytes over the message itself; every message starts with the vault's domain separator and its own label. */
export function sign(key: SigningKey, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, key);
}

/** Strict RFC 8032 verification: non-canonical points are refused. Malformed input is simply not a signature. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== signatureBytes) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}
