import { bytesToHex } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Field, lengthPrefix } from "./length-prefix";
import { VaultFault } from "./vault-fault";

describe("length prefix", () => {
  it("writes each field after its length, text as UTF-8 and numbers as eight bytes", () => {
    expect(bytesToHex(lengthPrefix("é", 258, Uint8Array.of(7)))).toBe(
      `00000002c3a9${"00000008"}0000000000000102${"00000001"}07`,
    );
  });

  it("never gives two lists of texts the same bytes", () => {
    const texts = fc.array(fc.string({ unit: "binary", maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const same = bytesToHex(lengthPrefix(...a)) === bytesToHex(lengthPrefix(...b));
        expect(same).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 500 },
    );
    expect(lengthPrefix("a", "bc")).not.toEqual(lengthPrefix("ab", "c"));
    expect(lengthPrefix("a", "")).not.toEqual(lengthPrefix("a"));
  });

  it("refuses numbers that are negative, fractional or too large", () => {
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53] satisfies Field[]) {
      expect(() => lengthPrefix(bad)).toThrow(VaultFault);
    }
  });
});
