import { describe, expect, it } from "vitest";
import { secureRandom } from "../random-bytes";
import { judgePassphrase } from "./passphrase-strength";
import { newPassphrase } from "./passphrase-words";

describe("passphrase strength", () => {
  it("calls the five words that are offered strong", () => {
    for (let round = 0; round < 50; round += 1) {
      const passphrase = newPassphrase(secureRandom);
      const words = passphrase.split(" ");
      expect(words).toHaveLength(5);
      if (new Set(words).size === 5)
        expect(judgePassphrase(passphrase)).toMatchObject({ ok: true, strength: "strong" });
    }
  });

  it.each([
    ["   ", "empty"],
    ["password", "too-weak"],
    ["password1", "too-weak"],
    ["password password password password", "too-weak"],
    ["aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "too-weak"],
    ["abcdefghijklmnopqrstuvwxyz", "too-weak"],
    ["to be or not to be", "too-weak"],
    ["Margaret", "too-weak"],
    ["19840712", "digits-only"],
    ["1984 0712 5599 1200 3838 1100", "digits-only"],
    ["２３５２９００００００００１", "card-number"],
    ["2352 9000 0000 01", "card-number"],
    ["my card 23529000000001 and more words", "card-number"],
  ])("refuses «%s»: %s", (passphrase, why) => {
    expect(judgePassphrase(passphrase, "23529000000001")).toMatchObject({ ok: false, why });
  });

  it.each([
    ["correct horse battery staple", "good"],
    ["the lighthouse keeper sings at noon", "good"],
    ["x7Kp2mQ9vR4tB1cD8wZ5", "strong"],
  ])("accepts «%s»: %s", (passphrase, strength) => {
    expect(judgePassphrase(passphrase, "23529000000001")).toMatchObject({ ok: true, strength });
  });

  it("draws every word equally often, by refusing numbers that would favour some", () => {
    const numbers = [Uint8Array.of(0xff, 0xff), Uint8Array.of(0xf3, 0x00), Uint8Array.of(0, 0)];
    let drawn = 0;
    const passphrase = newPassphrase(() => numbers[Math.min(drawn++, 2)] ?? Uint8Array.of(0, 0));
    expect(passphrase).toBe("abacus abacus abacus abacus abacus");
    expect(drawn).toBe(7);
  });
});
