/** What a reader typed, as PostgreSQL text queries: first all words, then the last one as a beginning, then any of them. */
import { readWords, titleKey, type Word } from "./search-words";

export type Match = "all" | "beginning" | "some";

export interface SearchQuery {
  /** To be tried in this order until one finds something. Empty when nothing can be looked for. */
  attempts: Array<{ match: Match; tsquery: string }>;
  /** Equals a record's title key when the query is its title. */
  titleKey: string;
}

const longestQuery = 500;
const mostWords = 24;
const shortestBeginning = 3;
/** Asked for only in phrases and when a query has no other words. */
const smallWords = new Set(
  "the a an of and in on to for by with el la los las de del y en le les des du et der das und".split(" "),
);

/** Any string is a query; none throws. `"a phrase"`, `-without` and an ISBN in any spelling are understood. */
export function parseSearch(typed: string): SearchQuery {
  const text = typed.slice(0, longestQuery).replace(/[“”„«»]/gu, '"');
  const number = readNumber(text);
  const attempts: SearchQuery["attempts"] = [];
  if (number !== null) attempts.push({ match: "all", tsquery: quote(number) });

  const wanted: string[] = [];
  const unwanted: string[] = [];
  const rest = text
    .replace(/(^|\s)(-?)"([^"]*)("|$)/gu, (_all, _before, minus: string, inner: string) => {
      const phrase = phraseOf(readWords(inner).slice(0, mostWords));
      if (phrase !== null) (minus === "-" ? unwanted : wanted).push(phrase);
      return " ";
    })
    .replace(/(^|\s)-(?=[\p{L}\p{N}])(\S+)/gu, (_all, _before, inner: string) => {
      const phrase = phraseOf(readWords(inner).slice(0, mostWords));
      if (phrase !== null) unwanted.push(phrase);
      return " ";
    });

  const words = readWords(rest).slice(0, mostWords);
  const telling = words.filter((word) => !smallWords.has(word.whole));
  const asked = telling.length > 0 || wanted.length > 0 ? telling : words;
  const terms = asked.map(termOf);
  const positive = [...wanted, ...terms];
  if (positive.length === 0) return { attempts, titleKey: "" };

  const without = unwanted.map((phrase) => ` & !(${phrase})`).join("");
  attempts.push({ match: "all", tsquery: `(${positive.join(" & ")})${without}` });
  const last = asked.at(-1);
  if (last !== undefined && last.parts.length === 1 && [...last.whole].length >= shortestBeginning) {
    const begun = [...positive.slice(0, -1), `${quote(last.whole)}:*`];
    attempts.push({ match: "beginning", tsquery: `(${begun.join(" & ")})${without}` });
  }
  if (positive.length > 1) attempts.push({ match: "some", tsquery: `(${positive.join(" | ")})${without}` });
  return { attempts, titleKey: titleKey(text) };
}

/** An ISBN, ISSN or other long number, with or without its hyphens, spaces and name. */
function readNumber(text: string): string | null {
  const digits = text
    .replace(/^\s*(?:isbn|issn)(?:-?1[03])?[\s:]*(?=\d)/iu, "")
    .replace(/[\s\u2010-\u2015-]/gu, "")
    .toLowerCase();
  return /^(?:\d{7}[\dx]|\d{9}[\dx]|\d{12,14})$/u.test(digits) ? digits : null;
}

function quote(word: string): string {
  return `'${word}'`;
}

/** One word in singular and plural; parts side by side, or written as one. */
function termOf(word: Word): string {
  const side = word.parts.map(quote).join(" <-> ");
  if (word.parts.length > 1) return `((${side}) | ${quote(word.whole)})`;
  const other = otherNumber(word.whole);
  return other === null ? side : `(${side} | ${quote(other)})`;
}

function otherNumber(word: string): string | null {
  if (!/^[a-z]{3,}$/u.test(word) || /(?:ss|us|is)$/u.test(word)) return null;
  if (word.endsWith("s")) return word.length > 3 ? word.slice(0, -1) : null;
  return `${word}s`;
}

function phraseOf(words: Word[]): string | null {
  if (words.length === 0) return null;
  return `(${words.flatMap((word) => word.parts.map(quote)).join(" <-> ")})`;
}
