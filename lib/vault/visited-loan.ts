/** What is out to a patron now, as an open history reads it from the library system. Plain data. */
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
