/** The library-system port: what Commonplace asks of the system that circulates. One connector implements it per system. */

export interface Patron {
  /** Stable in the library system; the same id its loan events carry. The vault's handle is made from it. */
  id: string;
  name: string;
}

export type Unavailable = { ok: false; why: "unreachable" | "misconfigured" | "protocol" };

export type Authentication =
  | { ok: true; patron: Patron }
  | { ok: false; why: "wrong-credentials" | "locked" }
  | Unavailable;

/** An item out to the patron now. Days are ISO 8601 calendar dates in the library's own time zone. */
export interface CurrentLoan {
  loanId: string;
  barcode: string;
  recordId: number | null;
  title: string;
  author: string | null;
  outOn: string;
  dueOn: string;
  renewals: number;
}

export interface Hold {
  title: string;
  author: string | null;
  recordId: number | null;
  placedOn: string;
  readyOn: string | null;
}

/** A fine and the late loan it is for. Cents of the library's currency. */
export interface Fine {
  title: string;
  cents: number;
  /** False while the late item is still out and the sum still grows. */
  returned: boolean;
}

export interface PatronAccount {
  loans: CurrentLoan[];
  holds: Hold[];
  fines: Fine[];
}

export interface LibrarySystem {
  /**
   * Checks a card number and PIN. Never says which of the two was wrong.
   * The caller limits attempts; the system may lock the card on its own as well.
   */
  authenticate(card: string, pin: string): Promise<Authentication>;
  /** Current loans, holds and fines, read live. The caller stores none of it. */
  readAccount(patronId: string): Promise<{ ok: true; account: PatronAccount } | Unavailable>;
}
