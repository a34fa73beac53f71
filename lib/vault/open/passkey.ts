/** From a passkey's answer to the key of its slot. */
import "./marker";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { lengthPrefix, vaultDomain } from "../length-prefix";
import { type PasskeyQuestion, passkeyHead } from "../passkey-question";
import type { PasskeyAnswer } from "../unlocked-history";
import { VaultFault } from "../vault-fault";
import type { SlotPlace } from "./slot";

const outputBytes = 32;

/**
 * `KEK = HKDF-SHA512(first ‖ second, salt = vault id, info = LP(DS, "slot-passkey", epoch, slot id, SHA-256 of the
 * head), 32 bytes)`. The head, salt, credential and host, is so authenticated: with another the slot does not open.
 * @throws VaultFault `misuse` unless each output has 32 bytes.
 */
export function passkeyKey(
  { first, second }: Pick<PasskeyAnswer, "first" | "second">,
  question: PasskeyQuestion,
  place: SlotPlace,
): Uint8Array {
  if (first.length !== outputBytes || second.length !== outputBytes) {
    throw new VaultFault("misuse", "A passkey's PRF has two outputs of 32 bytes each.");
  }
  const outputs = concatBytes(first, second);
  const salt = new TextEncoder().encode(place.vaultId);
  const headHash = sha256(passkeyHead(question));
  const info = lengthPrefix(vaultDomain, "slot-passkey", place.epoch, place.slotId, headHash);
  const slotKey = hkdf(sha512, outputs, salt, info, 32);
  outputs.fill(0);
  return slotKey;
}
