/** Takes off the punctuation that cataloguing rules put between the parts of a record (ISBD). */

/** One line of readable text: composed letters, no control characters, single spaces. */
export function cleanText(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\u0098\u009c\ufffd]/gu, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

const abbreviation = /(?:^|[\s.(])(?:\p{L}|jr|sr|dr|st|mr|mrs|inc|ltd|co|corp|bros|etc|ed|vol|no|ca)\.$/iu;

/** "The hobbit /" → "The hobbit"; "Tolkien, J. R. R.," keeps its initials' points. */
export function trimPunctuation(text: string): string {
  const bare = text.replace(/[\s/:;,=]+$/u, "");
  if (!bare.endsWith(".") || bare.endsWith("..") || abbreviation.test(bare)) return bare;
  return bare.slice(0, -1).replace(/[\s/:;,=]+$/u, "");
}
