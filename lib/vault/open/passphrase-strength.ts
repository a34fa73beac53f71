/** A small and cautious estimate of a passphrase's strength. It would rather call a good one fair than a bad one good. */
import "./marker";
import type { PassphraseJudgement } from "../unlocked-history";
import { normalizePassphrase } from "./passphrase";
import { bitsPerWord, isListed } from "./passphrase-words";

/** With few guesses answered an hour, and Argon2id for whoever holds the server's keys too. */
const leastBits = 30;
const goodBits = 45;
const strongBits = 60;

const repeatBits = 1;
const digitBits = 2;
const proseLetterBits = 2;
/** However long a word is, it is still one that people know. */
const mostProseBits = 16;
const mixedCharacterBits = 3;
const ideographBits = 5;

/** What follows its neighbour's neighbour, as in aaaa, 1234 or cba, adds next to nothing. */
function unpredictable(text: string): string[] {
  const characters = [...text];
  return characters.filter((character, index) => {
    const step = (at: number) =>
      (characters[at]?.codePointAt(0) ?? 0) - (characters[at - 1]?.codePointAt(0) ?? 0);
    return index < 2 || character === "" || Math.abs(step(index)) > 1 || step(index) !== step(index - 1);
  });
}

function wordBits(word: string): number {
  if (isListed(word.toLowerCase())) return bitsPerWord;
  const characters = unpredictable(word);
  if (/^\p{Nd}+$/u.test(word)) return characters.length * digitBits;
  if (/^[\p{L}\p{M}'’-]+$/u.test(word)) {
    const ideographs = characters.filter((character) => /\p{Lo}/u.test(character)).length;
    const letters = Math.min((characters.length - ideographs) * proseLetterBits, mostProseBits);
    return ideographs * ideographBits + letters;
  }
  return characters.length * mixedCharacterBits;
}

function estimateBits(passphrase: string): number {
  const seen = new Set<string>();
  let bits = 0;
  for (const word of passphrase.split(" ")) {
    const plain = word.toLowerCase();
    bits += seen.has(plain) ? repeatBits : wordBits(word);
    seen.add(plain);
  }
  return Math.floor(bits);
}

const digitsOf = (text: string) => text.replace(/[\s.-]/gu, "");

/** Whether a passphrase may be used. `bits` is an estimate, rounded down. */
export function judgePassphrase(passphrase: string, cardNumber?: string): PassphraseJudgement {
  const text = normalizePassphrase(passphrase);
  if (text === "") return { ok: false, why: "empty", bits: 0 };
  const bits = estimateBits(text);
  const card = digitsOf(cardNumber ?? "");
  if (card !== "" && digitsOf(text).includes(card)) return { ok: false, why: "card-number", bits: 0 };
  if (/^\p{Nd}+$/u.test(digitsOf(text))) return { ok: false, why: "digits-only", bits };
  if (bits < leastBits) return { ok: false, why: "too-weak", bits };
  return { ok: true, bits, strength: bits >= strongBits ? "strong" : bits >= goodBits ? "good" : "fair" };
}
