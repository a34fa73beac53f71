import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lengthPrefix } from "./length-prefix";
import {
  newPasskeySalt,
  type PasskeyQuestion,
  passkeyHead,
  passkeyHeadBytes,
  prfInputs,
  readPasskeyQuestion,
} from "./passkey-question";
import { secureRandom } from "./random-bytes";
import { VaultFault } from "./vault-fault";

const question: PasskeyQuestion = {
  salt: newPasskeySalt(secureRandom),
  credentialId: secureRandom(16),
  host: "catalogue.example",
};
const slotOf = (head: Uint8Array) => ({
  id: "s",
  kind: "passkey" as const,
  blob: Uint8Array.of(1, ...head, ...new Uint8Array(105)),
});

describe("passkey question", () => {
  it("is read as it was written, and every head is equally long", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 1, maxLength: 1023 }),
        fc.domain(),
        (salt, credentialId, host) => {
          const head = passkeyHead({ salt, credentialId, host });
          expect(head.length).toBe(passkeyHeadBytes);
          expect(readPasskeyQuestion(slotOf(head))).toEqual({ salt, credentialId, host });
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is no longer the same, or none, after a flip in any byte", () => {
    const head = passkeyHead(question);
    for (let at = 0; at < head.length; at += 1) {
      const flipped = head.with(at, (head[at] ?? 0) ^ 1);
      expect(readPasskeyQuestion(slotOf(flipped)) ?? null).not.toEqual(question);
    }
  });

  it("is none in a slot that is cut, of another version or of another kind", () => {
    const slot = slotOf(passkeyHead(question));
    expect(readPasskeyQuestion({ ...slot, blob: slot.blob.subarray(0, passkeyHeadBytes) })).toBeNull();
    expect(readPasskeyQuestion({ ...slot, blob: slot.blob.with(0, 2) })).toBeNull();
    expect(readPasskeyQuestion({ ...slot, kind: "recovery" })).toBeNull();
    expect(readPasskeyQuestion({ ...slot, blob: new Uint8Array(0) })).toBeNull();
  });

  it("is refused at its writing when a part has another length", () => {
    const wrong: Partial<PasskeyQuestion>[] = [
      { salt: new Uint8Array(31) },
      { credentialId: new Uint8Array(0) },
      { credentialId: new Uint8Array(1024) },
      { host: "a".repeat(254) },
    ];
    for (const part of wrong) expect(() => passkeyHead({ ...question, ...part })).toThrow(VaultFault);
  });

  it("has two inputs that differ from each other and from those of another salt", () => {
    const { first, second } = prfInputs(question.salt);
    expect(first).toEqual(lengthPrefix("commonplace/vault/v1", "passkey-prf", "first", question.salt));
    const other = prfInputs(newPasskeySalt(secureRandom));
    expect(new Set([first, second, other.first, other.second].map((input) => input.join())).size).toBe(4);
  });
});
