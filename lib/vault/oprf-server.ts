/** The server's half of a passphrase guess: RFC 9497 OPRF mode over ristretto255-SHA512. It sees neither input nor output. */
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import type { RandomBytes } from "./random-bytes";
import { VaultFault } from "./vault-fault";

/** A secret scalar, 32 bytes, one per passphrase slot. */
export type OprfKey = Uint8Array & { readonly __brand: "OprfKey" };

/** A fresh key, derived from 32 random bytes that are not kept (RFC 9497 §3.2.1). */
export function newOprfKey(random: RandomBytes): OprfKey {
  const info = new TextEncoder().encode("commonplace/vault/v1 oprf");
  return ristretto255_oprf.oprf.deriveKeyPair(random(32), info).secretKey as OprfKey;
}

/** Takes up 32 bytes that `unwrapKey` gave for a slot's key id. */
export function oprfKeyFrom(bytes: Uint8Array): OprfKey {
  return bytes as OprfKey;
}

/**
 * RFC 9497 §3.3.1 BlindEvaluate. `bad-element` for anything but the canonical 32 bytes of a group element
 * other than the identity.
 */
export function evaluateBlinded(
  key: OprfKey,
  blinded: Uint8Array,
): { ok: true; evaluated: Uint8Array } | { ok: false; why: "bad-element" } {
  if (key.length !== 32) throw new VaultFault("misuse", "An OPRF key has 32 bytes.");
  try {
    return { ok: true, evaluated: ristretto255_oprf.oprf.blindEvaluate(key, blinded) };
  } catch {
    return { ok: false, why: "bad-element" };
  }
}
