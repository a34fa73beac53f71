/** The receipt of a deletion: signed by the library's server, kept by the patron, naming neither patron nor vault. */
import { fromB64, toB64 } from "./base64";
import { lengthPrefix, vaultDomain } from "./length-prefix";
import { type SigningKey, sign, signingPublicKey, verify } from "./signature";

export const destroyedKinds = ["keys", "slots", "manifest", "chapters", "inbox", "loan-marks"] as const;
export type DestroyedKind = (typeof destroyedKinds)[number];

export interface DeletionFacts {
  /** The day of the deletion, an ISO 8601 calendar date. */
  day: string;
  /** Kinds only: a count would tell how much was read. */
  destroyed: DestroyedKind[];
  /** The day by which no backup can be opened any more either. */
  horizonDay: string;
  policyVersion: string;
}

export interface DeletionReceipt extends DeletionFacts {
  receipt: "commonplace-deletion";
  version: 1;
  publicKeyB64: string;
  signatureB64: string;
}

/** `LP(DS, "deletion-receipt", 1, day, kinds, horizon day, policy version, public key)`; kinds sorted, after their count. */
function receiptMessage(facts: DeletionFacts, publicKey: Uint8Array): Uint8Array {
  const kinds = facts.destroyed.toSorted();
  return lengthPrefix(
    vaultDomain,
    "deletion-receipt",
    1,
    facts.day,
    kinds.length,
    ...kinds,
    facts.horizonDay,
    facts.policyVersion,
    publicKey,
  );
}

/** Ready to be written as JSON. Two deletions of one day give the same receipt: it cannot tell whose it is. */
export function signReceipt(facts: DeletionFacts, key: SigningKey): DeletionReceipt {
  const publicKey = signingPublicKey(key);
  return {
    receipt: "commonplace-deletion",
    version: 1,
    day: facts.day,
    destroyed: facts.destroyed.toSorted(),
    horizonDay: facts.horizonDay,
    policyVersion: facts.policyVersion,
    publicKeyB64: toB64(publicKey),
    signatureB64: toB64(sign(key, receiptMessage(facts, publicKey))),
  };
}

/** True when the library's key signed exactly these facts. The key inside the receipt is not taken at its word. */
export function verifyReceipt(publicKey: Uint8Array, receipt: DeletionReceipt): boolean {
  const signature = fromB64(receipt.signatureB64);
  return (
    signature !== null &&
    receipt.receipt === "commonplace-deletion" &&
    receipt.version === 1 &&
    receipt.publicKeyB64 === toB64(publicKey) &&
    verify(publicKey, receiptMessage(receipt, publicKey), signature)
  );
}
