/** The history as files that the patron keeps: JSON for programs, CSV for spreadsheets. */
import "./marker";
import type { HistoryRow } from "../unlocked-history";

const columns = [
  "title",
  "author",
  "outOn",
  "dueOn",
  "returnedOn",
  "renewals",
  "isbn",
  "format",
  "callNumber",
  "subjects",
  "recordId",
  "id",
  "item",
  "seenOn",
  "goneOn",
] as const satisfies readonly (keyof HistoryRow)[];

/**
 * `{ format: "commonplace-history", version: 1, exportedOn, entries: [HistoryRow…] }`. A later shape gets a later version;
 * days are ISO 8601, and null means that the library never said.
 */
export function historyJson(rows: readonly HistoryRow[], today: string): string {
  const file = { format: "commonplace-history", version: 1, exportedOn: today, entries: rows };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** A cell that begins so would be run as a formula by a spreadsheet; an apostrophe before it makes it text. */
const formula = /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

function cell(value: string | string[] | null | undefined): string {
  const text = Array.isArray(value) ? value.join("; ") : (value ?? "");
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",;\r\n\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180 with a byte-order mark, so that spreadsheets read it as UTF-8. */
export function historyCsv(rows: readonly HistoryRow[]): string {
  const lines = [columns.join(","), ...rows.map((row) => columns.map((name) => cell(row[name])).join(","))];
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}
