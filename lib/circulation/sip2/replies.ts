/** What the answers 64 (patron information) and 18 (item information) mean. Odd servers are read as leniently as is safe. */
import { libraryDay } from "../library-day";
import { firstOf, type Reply } from "./message";

export interface PatronReply {
  /** Every `BL` says yes: the card is known. */
  isKnown: boolean;
  /** What `CQ` says of the PIN. Koha tells name, address and loans after a wrong PIN too: this alone says no. */
  pin: "right" | "wrong" | "not-judged";
  id: string | null;
  name: string;
  /** Null: the server leaves the count blank. */
  counts: { holds: number | null; charged: number | null; waiting: number | null };
  /** What is owed in all, in cents. */
  owedCents: number | null;
  charged: readonly string[];
  ready: readonly string[];
  waiting: readonly string[];
}

/** 14 status characters, 3 of language, 18 of date, then six counts of four digits. */
const countsAt = 35;

export function readPatronReply(reply: Reply): PatronReply {
  const says = (code: string) => reply.fields.get(code) ?? [];
  const count = (place: number) => {
    const digits = reply.fixed.slice(countsAt + 4 * place, countsAt + 4 * (place + 1));
    return /^\d{4}$/.test(digits) ? Number(digits) : null;
  };
  const yes = (values: readonly string[]) => values.length > 0 && values.every((value) => value === "Y");
  return {
    isKnown: yes(says("BL")),
    pin: says("CQ").join("") === "" ? "not-judged" : yes(says("CQ")) ? "right" : "wrong",
    id: firstOf(reply, "AA"),
    name: firstOf(reply, "AE") ?? "",
    counts: { holds: count(0), charged: count(2), waiting: count(5) },
    owedCents: readCents(firstOf(reply, "BV")),
    charged: told(says("AU")),
    ready: told(says("AS")),
    waiting: told(says("CD")),
  };
}

export interface ItemReply {
  barcode: string | null;
  title: string | null;
  /** ISO 8601, in the library's time zone. */
  dueOn: string | null;
  callNumber: string | null;
}

export function readItemReply(reply: Reply, timeZone: string): ItemReply {
  return {
    barcode: firstOf(reply, "AB"),
    title: firstOf(reply, "AJ"),
    dueOn: readDay(firstOf(reply, "AH"), timeZone),
    callNumber: firstOf(reply, "CS"),
  };
}

function told(values: readonly string[]): string[] {
  return values.filter((value) => value !== "");
}

/**
 * `YYYYMMDD` and a time zone of four characters before the time (`   Z` for UTC, blanks for local), as the standard has it;
 * or a day written year first with dashes or slashes. Anything else is not told: 03/04 could be either.
 */
export function readDay(text: string | null, timeZone: string): string | null {
  const said = text ?? "";
  const found =
    /^(\d{4})(\d\d)(\d\d)(?:(.{4})(\d\d)(\d\d)(\d\d))?/.exec(said) ??
    /^(\d{4})[-/](\d\d)[-/](\d\d)/.exec(said);
  if (!found) return null;
  const [, year, month, date, zone, hours = "00", minutes = "00", seconds = "00"] = found;
  const day = `${year}-${month}-${date}`;
  const moment = new Date(`${day}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== day) return null;
  return zone?.trim() === "Z" ? libraryDay(moment, timeZone) : day;
}

/**
 * Milliseconds since 1970 of a server's date and time, `YYYYMMDDZZZZHHMMSS`; local to the time zone unless it says `Z`.
 * Null for anything else.
 */
export function readServerMoment(text: string, timeZone: string): number | null {
  const found = /^(\d{4})(\d\d)(\d\d)(.{4})(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!found) return null;
  const [, year, month, date, zone, hours, minutes, seconds] = found;
  const asUtc = Date.parse(`${year}-${month}-${date}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(asUtc)) return null;
  return zone?.trim() === "Z" ? asUtc : asUtc - offsetMs(asUtc, timeZone);
}

/** How far local time is ahead of UTC, an hour wrong at most in the night when clocks change. */
function offsetMs(moment: number, timeZone: string): number {
  const local = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  return Date.parse(`${local.format(moment).replace(" ", "T")}Z`) - Math.floor(moment / 1000) * 1000;
}

/** `12.5`, `12,50`, `$12.50`. Null for what is owed to the patron, and for nonsense. */
export function readCents(text: string | null): number | null {
  const found = /^[^\d-]*(\d{1,7})(?:[.,](\d{1,2})\d*)?\D*$/.exec(text ?? "");
  if (!found) return null;
  const [, whole = "0", part = ""] = found;
  return Number(whole) * 100 + Number(part.padEnd(2, "0"));
}
