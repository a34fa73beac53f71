import { describe, expect, it } from "vitest";
import { secureRandom } from "./random-bytes";
import { type DeletionFacts, signReceipt, verifyReceipt } from "./receipt";
import { newSigningKey, signingPublicKey } from "./signature";

const key = newSigningKey(secureRandom);
const facts: DeletionFacts = {
  day: "2026-03-01",
  destroyed: ["slots", "keys", "chapters"],
  horizonDay: "2026-03-02",
  policyVersion: "2026-01",
};

describe("deletion receipt", () => {
  it("verifies after a trip through JSON, and only under the library's own key", () => {
    const receipt = JSON.parse(JSON.stringify(signReceipt(facts, key)));
    expect(verifyReceipt(signingPublicKey(key), receipt)).toBe(true);
    expect(verifyReceipt(signingPublicKey(newSigningKey(secureRandom)), receipt)).toBe(false);
  });

  it("is void once any fact is changed", () => {
    const receipt = signReceipt(facts, key);
    const publicKey = signingPublicKey(key);
    expect(verifyReceipt(publicKey, { ...receipt, day: "2026-03-02" })).toBe(false);
    expect(verifyReceipt(publicKey, { ...receipt, destroyed: ["keys"] })).toBe(false);
    expect(verifyReceipt(publicKey, { ...receipt, horizonDay: "2027-03-02" })).toBe(false);
    expect(verifyReceipt(publicKey, { ...receipt, policyVersion: "2027" })).toBe(false);
    expect(verifyReceipt(publicKey, { ...receipt, signatureB64: "AAAA" })).toBe(false);
    expect(verifyReceipt(publicKey, { ...receipt, signatureB64: "not base64" })).toBe(false);
  });

  it("two deletions of one day have the same receipt", () => {
    expect(signReceipt(facts, key)).toEqual(
      signReceipt({ ...facts, destroyed: facts.destroyed.toReversed() }, key),
    );
  });
});
