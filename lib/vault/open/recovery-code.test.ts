import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secureRandom } from "../random-bytes";
import { formatRecoveryCode, newRecoveryCode, readRecoveryCode, recoveryKey } from "./recovery-code";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const anyCode = fc.uint8Array({ minLength: 26, maxLength: 26 }).map((bytes) => newRecoveryCode(() => bytes));

describe("recovery code", () => {
  it("prints as seven groups of four and reads back", () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        const printed = formatRecoveryCode(code);
        expect(printed).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(readRecoveryCode(printed)).toBe(code);
      }),
    );
  });

  it("forgives case, spaces, dashes, O for 0, and I or L for 1", () => {
    fc.assert(
      fc.property(anyCode, fc.infiniteStream(fc.nat(5)), (code, choices) => {
        const typed = [...code]
          .map((character) => {
            const choice = choices.next().value ?? 0;
            const zero = ["0", "O", "o", "0 ", "–o", " O"][choice] ?? "0";
            const one = ["1", "I", "i", "l", "L-", "\t1"][choice] ?? "1";
            if (character === "0") return zero;
            if (character === "1") return one;
            return choice % 2 === 0 ? character.toLowerCase() : ` ${character}-`;
          })
          .join("");
        expect(readRecoveryCode(typed)).toBe(code);
      }),
    );
  });

  it("notices any one wrong character", () => {
    const code = newRecoveryCode(secureRandom);
    for (let at = 0; at < code.length; at += 1) {
      for (const character of alphabet) {
        if (character === code[at]) continue;
        expect(readRecoveryCode(code.slice(0, at) + character + code.slice(at + 1))).toBeNull();
      }
    }
  });

  it("notices any two wrong characters, and any two swapped", () => {
    const code = newRecoveryCode(secureRandom);
    const index = fc.nat(27);
    const character = fc.constantFrom(...alphabet);
    fc.assert(
      fc.property(index, index, character, character, (a, b, x, y) => {
        const characters = [...code];
        characters[a] = x;
        characters[b] = y;
        const typed = characters.join("");
        expect(readRecoveryCode(typed)).toBe(typed === code ? code : null);
      }),
      { numRuns: 3000 },
    );
    for (let a = 0; a < 28; a += 1) {
      for (let b = 0; b < a; b += 1) {
        const characters = [...code];
        [characters[a], characters[b]] = [characters[b] ?? "", characters[a] ?? ""];
        if (characters.join("") === code) continue;
        expect(readRecoveryCode(characters.join(""))).toBeNull();
      }
    }
  });

  it("refuses a code that is short, long or holds another character", () => {
    const code = newRecoveryCode(secureRandom);
    for (const typed of ["", code.slice(1), `${code}0`, `U${code.slice(1)}`, `é${code.slice(1)}`]) {
      expect(readRecoveryCode(typed)).toBeNull();
    }
  });

  it("gives another key in another vault, epoch and slot", () => {
    const code = newRecoveryCode(secureRandom);
    const place = { vaultId: "a", epoch: 1, slotId: "s" };
    const keys = [place, { ...place, vaultId: "b" }, { ...place, epoch: 2 }, { ...place, slotId: "t" }];
    expect(new Set(keys.map((one) => recoveryKey(code, one).join())).size).toBe(4);
  });
});
