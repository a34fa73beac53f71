/** The opaque name under which a patron's vault is found: it cannot be turned back without the keyring. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefix, vaultDomain } from "./length-prefix";

/** HMAC-SHA-256 of `LP(DS, "patron-handle", patron id)` under the keyring's 32-byte handle key. 32 bytes. */
export function patronHandle(handleKey: Uint8Array, patronId: string): Uint8Array {
  return hmac(sha256, handleKey, lengthPrefix(vaultDomain, "patron-handle", patronId));
}
