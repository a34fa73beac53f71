/** One loan in the history, and how what several events say of it becomes one: in any order, any number of times. */
import "./marker";
import type { LoanDetails, LoanEntry } from "../loan-entry";

/** A day is null until an event has said it. */
export interface HistoryEntry extends LoanDetails {
  id: string;
  outOn: string | null;
  dueOn: string | null;
  returnedOn: string | null;
  /** Ascending, each day once. */
  renewals: string[];
  /** Which copy, by its barcode, or by its title where a library system names no copies. */
  item?: string;
  /** The first visit to the library system that saw it out. */
  seenOn?: string;
  /** The first visit after that which did not. */
  goneOn?: string;
}

/** What one event alone says of its loan. */
export function entryOfEvent(event: LoanEntry): HistoryEntry {
  return {
    id: event.entryId,
    ...detailsOf(event),
    outOn: event.event === "checkout" ? event.day : null,
    dueOn: event.due,
    returnedOn: event.event === "return" ? event.day : null,
    renewals: event.event === "renewal" ? [event.day] : [],
    ...(event.item === undefined ? {} : { item: event.item }),
  };
}

/**
 * Earliest day out, latest day due, earliest day of return and of each sight, every day of renewal, and the details of whichever says most.
 * Commutative, associative and idempotent, so that events may come in any order and more than once.
 */
export function mergeEntries(a: HistoryEntry, b: HistoryEntry): HistoryEntry {
  return {
    id: a.id,
    ...richer(detailsOf(a), detailsOf(b)),
    outOn: earliest(a.outOn, b.outOn),
    dueOn: latest(a.dueOn, b.dueOn),
    returnedOn: earliest(a.returnedOn, b.returnedOn),
    renewals: [...new Set([...a.renewals, ...b.renewals])].sort(),
    ...sightsOf(a, b),
  };
}

export function sameEntry(a: HistoryEntry, b: HistoryEntry): boolean {
  return (
    a.id === b.id &&
    a.outOn === b.outOn &&
    a.dueOn === b.dueOn &&
    a.returnedOn === b.returnedOn &&
    a.renewals.join() === b.renewals.join() &&
    a.item === b.item &&
    a.seenOn === b.seenOn &&
    a.goneOn === b.goneOn &&
    wording(detailsOf(a)) === wording(detailsOf(b))
  );
}

/** Newest loan first, by the first day known of it; loans of one day in the order of their ids. */
export function newestFirst(a: HistoryEntry, b: HistoryEntry): number {
  const days = compare(firstDay(b), firstDay(a));
  return days === 0 ? compare(a.id, b.id) : days;
}

const firstDay = (entry: HistoryEntry): string =>
  entry.outOn ?? earliest(entry.renewals[0] ?? null, entry.seenOn ?? null) ?? entry.returnedOn ?? "";

/**
 * The day by which the loan was over, as far as is known. What a visit missed before the loan began was another loan of the
 * copy, taken for this one while its first day was not known.
 */
export function endOf({ outOn, returnedOn, goneOn }: HistoryEntry): string | null {
  if (returnedOn !== null || goneOn === undefined) return returnedOn;
  return goneOn < (outOn ?? "") ? null : goneOn;
}

export function isOut(entry: HistoryEntry): boolean {
  return endOf(entry) === null;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function earliest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function latest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

/** What neither knows stays absent, as in entries that no visit has seen. */
function sightsOf(a: HistoryEntry, b: HistoryEntry): Pick<HistoryEntry, "item" | "seenOn" | "goneOn"> {
  const item = earliest(a.item ?? null, b.item ?? null);
  const seenOn = earliest(a.seenOn ?? null, b.seenOn ?? null);
  const goneOn = earliest(a.goneOn ?? null, b.goneOn ?? null);
  return {
    ...(item === null ? {} : { item }),
    ...(seenOn === null ? {} : { seenOn }),
    ...(goneOn === null ? {} : { goneOn }),
  };
}

function detailsOf(from: LoanDetails): LoanDetails {
  const { recordId, title, author, isbn, format, callNumber, subjects } = from;
  return { recordId, title, author, isbn, format, callNumber, subjects };
}

const texts = (of: LoanDetails): (string | null)[] => [
  of.recordId,
  of.title,
  of.author,
  of.isbn,
  of.format,
  of.callNumber,
];

const wording = (of: LoanDetails): string => JSON.stringify([texts(of), of.subjects]);

const told = (of: LoanDetails): number =>
  texts(of).filter((text) => text !== null).length + (of.subjects.length > 0 ? 1 : 0);

/** A total order, so that the winner never depends on who came first: fields told, then length, then the wording itself. */
function richer(a: LoanDetails, b: LoanDetails): LoanDetails {
  const byTold = told(a) - told(b);
  if (byTold !== 0) return byTold > 0 ? a : b;
  const [wordingA, wordingB] = [wording(a), wording(b)];
  const byLength = wordingA.length - wordingB.length;
  if (byLength !== 0) return byLength > 0 ? a : b;
  return wordingA >= wordingB ? a : b;
}
