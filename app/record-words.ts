/** Puts a record's coded and clipped parts into a reader's words: format, language, names, subjects. */
import { formats } from "@/lib/catalogue/format";
import type { getFormat, T } from "./i18n";

type Format = Awaited<ReturnType<typeof getFormat>>;

export function nameFormat(t: T, format: string): string {
  return t(`record.formats.${formats.find((known) => known === format) ?? "other"}`);
}

/** MARC language codes are ISO 639-2/B, which browsers and Node know. "und", "zxx" and "mul" are no language. */
export function nameLanguage(format: Format, code: string | null): string {
  if (code === null || !/^[a-z]{3}$/.test(code) || ["und", "zxx", "mul"].includes(code)) return "";
  const name = format.displayName(code, { type: "language", fallback: "none" });
  return name === undefined || name === code ? "" : name.charAt(0).toLocaleUpperCase() + name.slice(1);
}

/** "Melville, Herman, 1819-1891" → "Melville, Herman": the years only tell two people of one name apart. */
export function nameOf(author: string): string {
  return author.replace(/,\s*(?:(?:approximately|active|born|died|ca\.|b\.|d\.)\s*)?\d{3,4}\b.*$/i, "");
}

/** "Whales -- Fiction" → "Whales — Fiction". */
export function nameSubject(subject: string): string {
  return subject.replace(/\s*--\s*/g, " — ");
}
