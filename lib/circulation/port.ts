/** The library-system port: what Commonplace asks of the system that circulates. One connector implements it per system. */

/**
 * What a connector declares of its system, once and for good: a screen asks this, and never guesses from an empty list.
 * The contract suite (`lib/circulation/fixtures/library-contract.ts`) holds each connector to what it declares.
 */
export interface Capabilities {
  /** Each current loan has the system's own id, the one that its loan events carry. */
  loanIds: boolean;
  /** Each current loan tells the day on which it was checked out. */
  daysOut: boolean;
  /** Holds are told. Without: the list is empty, and the page says that it is not told. */
  holds: boolean;
  /** `by-loan`: each fine names what it is for. `total`: one sum. `none`: not told. */
  fines: "by-loan" | "total" | "none";
  /** Every check-out, renewal and return reaches the intake as an event, without anything being asked. */
  events: boolean;
  /** An open history asks for the current loans as well, and takes in what no event has told. */
  visits: boolean;
}

export interface Patron {
  /** Stable in the library system; the same id its loan events carry. The vault's handle is made from it. */
  id: string;
  name: string;
}

/** A signed-in patron, as a reading of their account asks for them. */
export interface PatronKey {
  id: string;
  /**
   * What the library system gave at sign-in to read this patron's own account with, kept in the encrypted session cookie
   * alone; at most 1,000 characters. Absent where the connector's own account reads.
   */
  pass?: string | undefined;
}

/**
 * Nobody answered the question. `unreachable`: no answer within the connector's time-outs. `misconfigured`: the system
 * refuses the connector itself. `protocol`: an answer came that is none. Trying again later may help with the first alone.
 */
export type Unavailable = { ok: false; why: "unreachable" | "misconfigured" | "protocol" };

export type Authentication =
  | { ok: true; patron: Patron; pass?: string }
  | { ok: false; why: "wrong-credentials" | "locked" }
  | Unavailable;

/** What the loaned thing is, as far as the library system or the catalogue tell. */
export interface ItemDetails {
  title: string;
  author: string | null;
  /** Of our own catalogue. */
  recordId: number | null;
  isbn: string | null;
  /** As in `LoanEvent`: book, audiobook, film, … */
  format: string | null;
  callNumber: string | null;
  subjects: string[];
}

/** An item out to the patron now. Days are ISO 8601 calendar dates in the library's own time zone; null: not told. */
export interface CurrentLoan extends ItemDetails {
  /** Null without the capability `loanIds`. */
  loanId: string | null;
  /** Null when the system names a title and no copy. */
  barcode: string | null;
  outOn: string | null;
  dueOn: string | null;
  renewals: number | null;
}

export interface Hold {
  title: string;
  author: string | null;
  recordId: number | null;
  isReady: boolean;
  placedOn: string | null;
  readyOn: string | null;
}

/** Cents of the library's currency. */
export interface Fine {
  /** What it is for; null for a sum of everything. */
  title: string | null;
  cents: number;
  /** False while the late item is still out and the sum still grows; null: not told. */
  returned: boolean | null;
}

export interface PatronAccount {
  loans: CurrentLoan[];
  /** How many loans the system counts beyond those that it listed: while it is above 0, a missing loan means nothing. */
  unlistedLoans: number;
  holds: Hold[];
  fines: Fine[];
}

/**
 * Each method answers within the connector's own time-outs, never throws for what a library system may do, and puts no
 * card, PIN, pass or title into a log or an error. All may be called at once, from any number of requests.
 */
export interface LibrarySystem {
  readonly capabilities: Capabilities;
  /**
   * Checks a card number and PIN, and says yes only when the system has said so of both. Never says which of the two was
   * wrong. Any text may be given; what the system's protocol cannot carry is `wrong-credentials`.
   * The caller limits attempts; the system may lock the card on its own as well.
   */
  authenticate(card: string, pin: string): Promise<Authentication>;
  /**
   * Current loans, holds and fines, read live: every current loan once, in any order. The caller stores none of it.
   * `sign-in-again`: the patron's pass has ended.
   */
  readAccount(
    patron: PatronKey,
  ): Promise<{ ok: true; account: PatronAccount } | { ok: false; why: "sign-in-again" } | Unavailable>;
  /** One copy by its barcode. `item: null`: the system knows no such copy. Asks nothing about a patron. */
  readItem(barcode: string): Promise<{ ok: true; item: ItemDetails | null } | Unavailable>;
  /** Ends what is open towards the system. Later calls are `unreachable`. */
  close(): Promise<void>;
}
