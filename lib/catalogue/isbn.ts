/** ISBNs as catalogues and readers write them: checked, and brought to thirteen digits. */

/** The thirteen digits of a valid ISBN-10 or ISBN-13, whatever its hyphens and remarks ("0-14-032872-6 (pbk.)"); else null. */
export function normaliseIsbn(written: string): string | null {
  const [start = ""] = written.trim().split(/[(:]|\s(?=\p{L})/u);
  const digits = start.replace(/[\s\u2010-\u2015-]/gu, "").toUpperCase();
  if (/^97[89]\d{10}$/u.test(digits)) return checkDigit13(digits.slice(0, 12)) === digits[12] ? digits : null;
  if (!/^\d{9}[\dX]$/u.test(digits) || checkDigit10(digits.slice(0, 9)) !== digits[9]) return null;
  const body = `978${digits.slice(0, 9)}`;
  return body + checkDigit13(body);
}

/** The ten-digit form of a valid ISBN-13; null for a 979 number, which has none. */
export function shortIsbn(isbn: string): string | null {
  if (!isbn.startsWith("978")) return null;
  const body = isbn.slice(3, 12);
  return body + checkDigit10(body);
}

function checkDigit13(body: string): string {
  const sum = [...body].reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 1 : 3), 0);
  return String((10 - (sum % 10)) % 10);
}

function checkDigit10(body: string): string {
  const sum = [...body].reduce((total, digit, place) => total + Number(digit) * (10 - place), 0);
  const rest = (11 - (sum % 11)) % 11;
  return rest === 10 ? "X" : String(rest);
}
