/** Takes off the punctuation that cataloguing rules put between the parts of a record (ISBD). */

/** One line of readable text: composed letters, no control characters, single spaces. */
export function cleanText(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\u0098\u009c\ufffd]/gu, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

/** A word that keeps its point, or an initial: a letter after another initial or, in a name, after the comma. */
const abbreviation =
  /(?:^|[\s.(])(?:jr|sr|dr|st|mr|mrs|inc|ltd|co|corp|bros|etc|ed|vol|no|ca)\.$|(?:[.,]\s?|,.*\s)\p{L}\.$/iu;

/** "The hobbit /" → "The hobbit"; "Tolkien, J. R. R.," keeps its initials' points. */
export function trimPunctuation(text: string): string {
  const bare = text.replace(/[\s/:;,=]+$/u, "");
  if (!bare.endsWith(".") || bare.endsWith("..") || abbreviation.test(bare)) return bare;
  return bare.slice(0, -1).replace(/[\s/:;,=]+$/u, "");
}
