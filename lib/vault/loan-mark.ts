/** Two keyed hashes of a loan id: a mark that finds the vault of a loan still out, and the id of its entry inside one vault. */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toB64Url } from "./base64";
import type { ShredKey } from "./envelope";
import { lengthPrefix, vaultDomain } from "./length-prefix";

/** 32 bytes, one per vault, derived from its first shred key. It stays when that is replaced: loans still out, and ids of removed entries, hang on it. */
export type EntryKey = Uint8Array & { readonly __brand: "EntryKey" };

/** HMAC-SHA-256 of `LP(DS, "loan-mark", loan id)` under the keyring's 32-byte mark key, the same for every vault. 32 bytes. */
export function loanMark(markKey: Uint8Array, loanId: string): Uint8Array {
  return hmac(sha256, markKey, lengthPrefix(vaultDomain, "loan-mark", loanId));
}

/** HKDF-SHA-256, salt = vault id, info = `LP(DS, "entry-id", 0)`. */
export function entryKeyOf(shredKey: ShredKey, vaultId: string): EntryKey {
  const salt = new TextEncoder().encode(vaultId);
  return hkdf(sha256, shredKey, salt, lengthPrefix(vaultDomain, "entry-id", 0), 32) as EntryKey;
}

/** Takes up the entry key that a vault's head keeps since its shred key was replaced. */
export function entryKeyFrom(bytes: Uint8Array): EntryKey {
  return bytes as EntryKey;
}

/**
 * HMAC-SHA-256 of `LP(DS, "entry-id", loan id)`, its first 16 bytes as 22 characters of base64url. All events of one loan
 * carry the same id, so the browser merges them; outside this vault's keys it says nothing of the loan.
 */
export function entryId(entryKey: EntryKey, loanId: string): string {
  return toB64Url(hmac(sha256, entryKey, lengthPrefix(vaultDomain, "entry-id", loanId)).subarray(0, 16));
}
