/** The vault's age identity: a hybrid one (ML-KEM-768 + X25519), made from a derived seed, usable with any age tool. */
import "./marker";
import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";

/** `AGE-SECRET-KEY-PQ-1…`: Bech32 of the 32-byte seed, in capitals, as the age specification writes it. */
export function identityFromSeed(seed: Uint8Array): string {
  return bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", seed).toUpperCase();
}

/** The recipient `age1pq1…` to which the server seals. */
export function recipientOf(identity: string): Promise<string> {
  return identityToRecipient(identity);
}
