/** The demo library's desk: checks out, renews and takes back by barcode, and takes the money for fines. */
import { type ItemWithRecord, readItem } from "@/db/catalogue";
import type { Database } from "@/db/connection";
import {
  deleteHold,
  deleteLoan,
  deletePaidLoan,
  extendLoan,
  holdOpenLoan,
  insertLoan,
  isAwaited,
  keepUntilPaid,
  readPatron,
  readUnpaidLoans,
  tieLastBorrower,
  untieLastBorrower,
} from "@/db/demo-library";
import type { LoanEvent } from "../intake/loan-event";
import { addDays } from "../library-day";
import { dueDay, fineCents, type RenewalRefusal, refuseRenewal } from "./lending-rules";
import { describeRecord } from "./loan-report";

type Refused<Why extends string> = { ok: false; why: Why };
/** What the desk did, with the event that it owes the intake. Nothing of it is kept here. */
type Done<Fact> = { ok: true; title: string; event: LoanEvent } & Fact;

export type CheckOut =
  | Done<{ dueOn: string }>
  | Refused<"no-card" | "no-item" | "already-yours" | "out-to-another">;
export type Renewal = Done<{ dueOn: string }> | Refused<"no-item" | "not-out-to-you" | RenewalRefusal>;
export type Return = Done<{ fineCents: number }> | Refused<"no-item" | "not-out">;
export type Payment = { ok: true; cents: number } | Refused<"nothing-to-pay">;

export interface UnpaidFine {
  loanId: string;
  title: string;
  cents: number;
}

export interface DemoDesk {
  hasCard(card: string): Promise<boolean>;
  checkOut(card: string, barcode: string): Promise<CheckOut>;
  renew(card: string, barcode: string): Promise<Renewal>;
  takeBack(barcode: string): Promise<Return>;
  readUnpaid(card: string): Promise<UnpaidFine[]>;
  takePayment(card: string, loanId: string): Promise<Payment>;
}

export interface DemoDeskOptions {
  db: Database;
  today(): string;
  lastBorrowerDays: number;
}

export function makeDemoDesk({ db, today, lastBorrowerDays }: DemoDeskOptions): DemoDesk {
  return {
    hasCard: async (card) => (await readPatron(db, card)) !== null,
    checkOut: (card, barcode) => checkOut(db, card, barcode, today()),
    renew: (card, barcode) => renew(db, card, barcode, today()),
    takeBack: (barcode) => takeBack(db, barcode, today(), lastBorrowerDays),
    readUnpaid: (card) => readUnpaid(db, card),
    takePayment: async (card, loanId) => {
      const cents = await deletePaidLoan(db, card, loanId);
      return cents === null ? { ok: false, why: "nothing-to-pay" } : { ok: true, cents };
    },
  };
}

async function checkOut(db: Database, card: string, barcode: string, today: string): Promise<CheckOut> {
  if ((await readPatron(db, card)) === null) return { ok: false, why: "no-card" };
  const item = await readItem(db, barcode);
  if (item === null) return { ok: false, why: "no-item" };
  const dueOn = dueDay(item.format, today);
  const loan = await db.transaction(async (tx) => {
    const id = await insertLoan(tx, { card, barcode, outOn: today, dueOn });
    if (id === null) return { id, holder: (await holdOpenLoan(tx, barcode))?.card };
    await untieLastBorrower(tx, barcode);
    await deleteHold(tx, item.recordId, card);
    return { id, holder: card };
  });
  if (loan.id === null) return { ok: false, why: loan.holder === card ? "already-yours" : "out-to-another" };
  const event = eventOf("checkout", { id: loan.id, card, today, dueOn, item });
  return { ok: true, title: item.title, dueOn, event };
}

async function renew(db: Database, card: string, barcode: string, today: string): Promise<Renewal> {
  const item = await readItem(db, barcode);
  if (item === null) return { ok: false, why: "no-item" };
  return db.transaction(async (tx): Promise<Renewal> => {
    const loan = await holdOpenLoan(tx, barcode);
    if (loan?.card !== card) return { ok: false, why: "not-out-to-you" };
    const awaited = await isAwaited(tx, item.recordId, card);
    const why = refuseRenewal({ ...loan, awaited }, today);
    if (why !== null) return { ok: false, why };
    const dueOn = dueDay(item.format, today);
    await extendLoan(tx, loan.id, dueOn);
    const event = eventOf("renewal", { id: loan.id, card, today, dueOn, item });
    return { ok: true, title: item.title, dueOn, event };
  });
}

async function takeBack(
  db: Database,
  barcode: string,
  today: string,
  lastBorrowerDays: number,
): Promise<Return> {
  const item = await readItem(db, barcode);
  if (item === null) return { ok: false, why: "no-item" };
  return db.transaction(async (tx): Promise<Return> => {
    const loan = await holdOpenLoan(tx, barcode);
    if (loan === null) return { ok: false, why: "not-out" };
    const cents = fineCents(loan.dueOn, today);
    if (cents === 0) await deleteLoan(tx, loan.id);
    else await keepUntilPaid(tx, loan.id, today, cents);
    await tieLastBorrower(tx, barcode, loan.card, addDays(today, lastBorrowerDays));
    const event: LoanEvent = {
      type: "return",
      loan: loan.id,
      patron: loan.card,
      day: today,
      record: describeRecord(item),
    };
    return { ok: true, title: item.title, fineCents: cents, event };
  });
}

async function readUnpaid(db: Database, card: string): Promise<UnpaidFine[]> {
  const loans = await readUnpaidLoans(db, card);
  return Promise.all(
    loans.map(async ({ id, barcode, fineCents }) => {
      const item = await readItem(db, barcode);
      return { loanId: id, title: item?.title ?? barcode, cents: fineCents };
    }),
  );
}

interface LoanFacts {
  id: string;
  card: string;
  today: string;
  dueOn: string;
  item: ItemWithRecord;
}

function eventOf(type: "checkout" | "renewal", { id, card, today, dueOn, item }: LoanFacts): LoanEvent {
  return { type, loan: id, patron: card, day: today, due: dueOn, record: describeRecord(item) };
}
