/** What is out to a patron now, as an open history reads it from the library system. Plain data. */
import { cutText, jsonTextBytes, tidyText } from "./cut-text";
import type { LoanDetails } from "./loan-entry";
import type { NotAnswered } from "./vault-contents";

/** Days are ISO 8601 calendar dates in the library's time zone; null: the library system does not tell. */
export interface VisitedLoan extends LoanDetails {
  /** As the loan's events carry it; null where the library system has no ids of loans. */
  entryId: string | null;
  /** The copy's barcode; its title where the library system names no copies. */
  item: string;
  outOn: string | null;
  dueOn: string | null;
}

const longestText = 400;
const longestId = 120;
const mostSubjects = 20;

const text = (value: string): string => cutText(tidyText(value), longestText);
const textOrNull = (value: string | null): string | null => (value === null ? null : text(value) || null);
/** An identifier cut short would be another identifier. */
const whole = (value: string | null): string | null =>
  value !== null && jsonTextBytes(value) <= longestId ? value : null;

/** Each text cut to 400 bytes of JSON, so that no library system can make a chapter too large to be saved. */
export function cutVisitedLoan(loan: VisitedLoan): VisitedLoan {
  return {
    ...loan,
    item: text(loan.item),
    recordId: whole(loan.recordId),
    isbn: whole(loan.isbn),
    format: whole(loan.format),
    title: textOrNull(loan.title),
    author: textOrNull(loan.author),
    callNumber: textOrNull(loan.callNumber),
    subjects: loan.subjects.slice(0, mostSubjects).map(text),
  };
}

export interface Visit {
  /** The library's calendar day of the reading. */
  day: string;
  loans: VisitedLoan[];
  /** False when the library system counted more than it listed: then what is missing may still be out. */
  isComplete: boolean;
}

export type ReadLoans = () => Promise<
  { ok: true; visit: Visit } | { ok: false; why: "library-away" } | NotAnswered
>;
