/** Names a record's format and language in the reader's own language. */
import type { getFormat, T } from "./i18n";

type Format = Awaited<ReturnType<typeof getFormat>>;

const formats = [
  "book",
  "large-print",
  "audiobook",
  "ebook",
  "film",
  "music",
  "score",
  "map",
  "periodical",
  "game",
] as const;

export function nameFormat(t: T, format: string): string {
  return t(`record.formats.${formats.find((known) => known === format) ?? "other"}`);
}

/** MARC language codes are ISO 639-2/B, which browsers and Node know. "und", "zxx" and "mul" are no language. */
export function nameLanguage(format: Format, code: string | null): string {
  if (code === null || !/^[a-z]{3}$/.test(code) || ["und", "zxx", "mul"].includes(code)) return "";
  const name = format.displayName(code, { type: "language", fallback: "none" });
  return name === undefined || name === code ? "" : name.charAt(0).toLocaleUpperCase() + name.slice(1);
}
