/** Reads one patron's loans, holds and charges from a Koha and joins them to their copies. Nothing of it is kept. */

import { HttpFault } from "../http-fault";
import { libraryDay } from "../library-day";
import type { CurrentLoan, Fine, Hold, ItemDetails, PatronAccount } from "../port";
import {
  type AccountLine,
  balanceAnswer,
  type CheckoutAnswer,
  checkoutAnswer,
  type HoldAnswer,
  holdAnswer,
} from "./koha-answers";
import type { Asking, KohaStep } from "./koha-api";
import type { Copy, KohaCopies } from "./koha-copies";
import { readPages } from "./paged-list";

export interface AccountReading {
  copies: KohaCopies;
  timeZone: string;
  holds: boolean;
  fines: boolean;
}

/**
 * Null: Koha no longer knows the patron.
 * @throws HttpFault
 */
export async function readKohaAccount(
  reading: AccountReading,
  asking: Asking,
  patronId: string,
): Promise<PatronAccount | null> {
  const query = { patron_id: patronId };
  const out = await readPages(asking, "loans", "checkouts", query, checkoutAnswer, (row) => row.checkout_id);
  if (out === null) return null;
  const [waiting, charges] = await Promise.all([
    reading.holds ? readPages(asking, "holds", "holds", query, holdAnswer, (row) => row.hold_id) : null,
    reading.fines ? readCharges(asking, patronId) : [],
  ]);
  for (const row of out.rows) mustBeOf(patronId, row, "loans");
  for (const row of waiting?.rows ?? []) mustBeOf(patronId, row, "holds");
  const holds = (waiting?.rows ?? []).filter(isCurrent);
  const loans = out.rows.filter((row) => !row.checkin_date);
  const told = await reading.copies.describe(
    asking,
    [...loans, ...holds, ...charges].flatMap(({ item_id }) => item_id ?? []),
    holds.flatMap(({ item_id, biblio_id }) => (item_id ? [] : (biblio_id ?? []))),
  );
  const named = loans.flatMap((loan) => loanOf(loan, told.copies, reading.timeZone) ?? []);
  return {
    loans: named,
    unlistedLoans: out.missing + loans.length - named.length,
    holds: holds.flatMap((hold) => holdOf(hold, told) ?? []),
    fines: charges.flatMap((charge) => fineOf(charge, told.copies) ?? []),
  };
}

interface OfPatron {
  patron_id?: string | null | undefined;
}

/** A server that drops the question's filter would show one patron another's loans. */
function mustBeOf(patronId: string, { patron_id }: OfPatron, step: KohaStep): void {
  if (patron_id && patron_id !== patronId) throw new HttpFault("garbled", step);
}

async function readCharges(asking: Asking, patronId: string): Promise<AccountLine[]> {
  const { status, json } = await asking.get("fines", `patrons/${patronId}/account`);
  if (status === 404) return [];
  const read = balanceAnswer.safeParse(json);
  if (!read.success) throw new HttpFault("garbled", "fines");
  const { lines } = read.data.outstanding_debits;
  for (const line of lines) mustBeOf(patronId, line, "fines");
  return lines;
}

function isCurrent({ cancellation_date, status, patron_id }: HoldAnswer): boolean {
  return !cancellation_date && status !== "F" && Boolean(patron_id);
}

/** Null: whose it is, or its name, cannot be told: it is anonymised, its item is gone, or Koha was too slow. */
function loanOf(
  { checkout_id, patron_id, item_id, checkout_date, due_date, renewals_count, renewals }: CheckoutAnswer,
  copies: Map<string, Copy>,
  timeZone: string,
): CurrentLoan | null {
  const copy = copies.get(item_id ?? "");
  if (!copy || !patron_id) return null;
  return {
    ...copy.details,
    loanId: checkout_id,
    barcode: copy.barcode,
    outOn: dayOf(checkout_date, timeZone),
    dueOn: dayOf(due_date, timeZone),
    renewals: renewals_count ?? renewals ?? null,
  };
}

function holdOf(
  { item_id, biblio_id, status, hold_date, waiting_date }: HoldAnswer,
  { copies, records }: { copies: Map<string, Copy>; records: Map<string, ItemDetails> },
): Hold | null {
  const details = copies.get(item_id ?? "")?.details ?? records.get(biblio_id ?? "");
  if (!details) return null;
  const isReady = status === "W";
  const { title, author, recordId } = details;
  const readyOn = isReady ? plainDay(waiting_date) : null;
  return { title, author, recordId, isReady, placedOn: plainDay(hold_date), readyOn };
}

/** Koha marks a charge that still grows, because its item is still out, as UNRETURNED. */
function fineOf(
  { item_id, description, debit_type, status, amount_outstanding }: AccountLine,
  copies: Map<string, Copy>,
): Fine | null {
  const cents = Math.round(amount_outstanding * 100);
  if (cents <= 0) return null;
  const title = copies.get(item_id ?? "")?.details.title || description?.trim() || debit_type || "…";
  return { title, cents, returned: item_id ? status !== "UNRETURNED" : null };
}

/** Koha writes moments with their offset from UTC (RFC 3339). */
function dayOf(moment: string | null | undefined, timeZone: string): string | null {
  const day = plainDay(moment);
  if (day === null || !moment?.includes("T")) return day;
  const millis = Date.parse(moment);
  return Number.isNaN(millis) ? null : libraryDay(new Date(millis), timeZone);
}

function plainDay(text: string | null | undefined): string | null {
  const [, day = ""] = /^(\d{4}-\d\d-\d\d)(?:$|[T ])/.exec(text ?? "") ?? [];
  return day === "" || Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? null : day;
}
