/** Five random words for a passphrase, and the words of a checkpoint: the EFF's long list of 7,776. */
import "./marker";
import type { RandomBytes } from "../random-bytes";
import list from "./eff-words.json" with { type: "json" };

const words = list.words.split(" ");
const known = new Set(words);
/** Random numbers from here up would favour the first words of the list. */
const fairBelow = Math.floor(0x10000 / words.length) * words.length;

export const bitsPerWord = Math.log2(words.length);

export function isListed(word: string): boolean {
  return known.has(word);
}

function wordAt(index: number): string {
  return words[index % words.length] ?? "";
}

function randomWord(random: RandomBytes): string {
  for (;;) {
    const [high = 0, low = 0] = random(2);
    const number = high * 256 + low;
    if (number < fairBelow) return wordAt(number);
  }
}

/** Five words with single spaces, 64.6 bits, each word equally likely. */
export function newPassphrase(random: RandomBytes): string {
  return Array.from({ length: 5 }, () => randomWord(random)).join(" ");
}

/** As many words as asked, four bytes of the hash to each: for people to compare, not to hold a secret. */
export function wordsOfHash(hash: Uint8Array, count: number): string[] {
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
  return Array.from({ length: count }, (_, index) => wordAt(view.getUint32(index * 4)));
}
