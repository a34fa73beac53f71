/** How text becomes search words: the same for a record that is stored and for a query that is typed. */

/** A word of the text. `parts` is longer than one for initials and hyphened words: "J.R.R.", "Spider-Man". */
export interface Word {
  parts: string[];
  /** The parts as one: "jrr", "spiderman"; a number with hyphens becomes the number. */
  whole: string;
}

const letters: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ı: "i",
  ħ: "h",
  ς: "σ",
  ى: "ي",
  ة: "ه",
  ـ: "",
  "&": " and ",
  "´": "'",
  "`": "'",
};
const oneByOne = new RegExp(`[${Object.keys(letters).join("")}]`, "gu");
/** Accents, Hebrew points, Arabic vowel signs, and the letters that romanisation adds (ʹ ʻ ʾ). */
const marks = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u02b0-\u02ff]/gu;

/** Lower case, without accents, compatible forms made one. "Ångström" and "angstrom" come out equal. */
export function foldText(text: string): string {
  return text
    .replace(/[´`]/gu, "'")
    .normalize("NFKD")
    .toLowerCase()
    .replace(marks, "")
    .normalize("NFKC")
    .replace(oneByOne, (letter) => letters[letter] ?? letter);
}

/** Scripts written without spaces are read sign by sign; a query's signs must then stand side by side. */
const sign =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const pieces =
  /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’‘.*\u2010-](?=[\p{L}\p{N}])[\p{L}\p{N}\p{M}]+)*(?:[+#]+(?![\p{L}\p{N}]))?/gu;
const joiners = /['’‘.*\u2010-]/u;
const longestWord = 60;

export function readWords(text: string): Word[] {
  const words: Word[] = [];
  let initials: string[] = [];
  const endInitials = () => {
    if (initials.length > 0) words.push({ parts: initials, whole: initials.join("") });
    initials = [];
  };
  const folded = foldText(text).replace(/(?<=\p{N}),(?=\p{N}{3})/gu, ".");
  for (const [piece] of folded.matchAll(pieces)) {
    if (/^\p{L}$/u.test(piece) && !sign.test(piece)) {
      initials.push(piece);
      continue;
    }
    endInitials();
    for (const run of splitSigns(piece)) {
      const parts = run.split(joiners).filter((part) => part !== "");
      const whole = parts.join("");
      if (whole !== "") words.push({ parts: parts.map(cutWord), whole: cutWord(whole) });
    }
  }
  endInitials();
  return words;
}

function splitSigns(piece: string): string[] {
  if (!sign.test(piece)) return [piece];
  const runs: string[] = [];
  let other = "";
  for (const letter of piece) {
    if (!sign.test(letter)) {
      other += letter;
      continue;
    }
    if (other !== "") runs.push(other);
    other = "";
    runs.push(letter);
  }
  if (other !== "") runs.push(other);
  return runs;
}

function cutWord(word: string): string {
  return word.length > longestWord ? [...word].slice(0, longestWord).join("") : word;
}

const articles = new Set(
  "the a an el la los las un una o os as um uma le les l der die das il lo gli".split(" "),
);

/** A title's words without its leading article, to see whether a query is that title. */
export function titleKey(title: string): string {
  const words = readWords(title).flatMap((word) => (word.parts[0] === "l" ? word.parts : [word.whole]));
  const [first] = words;
  const kept = words.length > 1 && first !== undefined && articles.has(first) ? words.slice(1) : words;
  return kept.join(" ").slice(0, 400);
}

export type Weight = "A" | "B" | "C" | "D";

const lastPosition = 16_383;
const positionsPerWord = 255;
/** Between two texts, so that a phrase never spans them. */
const gap = 4;

/** A tsvector literal with positions and weights. Words hold letters, digits, + and # only: nothing to escape. */
export function searchVector(texts: Iterable<readonly [Weight, string]>): string {
  const places = new Map<string, string[]>();
  let position = 0;
  const place = (word: string, at: number, weight: Weight) => {
    const known = places.get(word) ?? [];
    if (known.length < positionsPerWord) known.push(`${at}${weight}`);
    places.set(word, known);
  };
  for (const [weight, text] of texts) {
    for (const { parts, whole } of readWords(text)) {
      if (position + parts.length > lastPosition) break;
      const first = position + 1;
      for (const part of parts) place(part, ++position, weight);
      // At both ends, so that a phrase may come up to it and go on from it.
      if (parts.length > 1) {
        place(whole, first, weight);
        place(whole, position, weight);
      }
    }
    position += gap;
  }
  return [...places].map(([word, at]) => `'${word}':${at.join(",")}`).join(" ");
}
