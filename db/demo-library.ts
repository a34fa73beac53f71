/** Queries on the demo library's tables. A returned loan has no row here, unless its fine is still to be paid. */
import { and, asc, eq, isNotNull, isNull, lt, lte, ne, sql } from "drizzle-orm";
import type { Queryable } from "./connection";
import { demoHolds, demoLastBorrowers, demoLoans, demoPatrons } from "./schema/demo-library";

export async function readPatron(db: Queryable, card: string) {
  const [row] = await db
    .select({ name: demoPatrons.name, pinHash: demoPatrons.pinHash, lockedUntil: demoPatrons.lockedUntil })
    .from(demoPatrons)
    .where(eq(demoPatrons.card, card));
  return row ?? null;
}

/** What the demo library holds on a card besides loans, for a disclosure. The PIN's hash is not read. */
export async function readCardRecord(db: Queryable, card: string) {
  const [row] = await db
    .select({
      name: demoPatrons.name,
      failedSignIns: demoPatrons.failedSignIns,
      lockedUntil: demoPatrons.lockedUntil,
    })
    .from(demoPatrons)
    .where(eq(demoPatrons.card, card));
  return row ?? null;
}

/** Counts a wrong PIN; the one that reaches `limit` locks the card until `lockedUntil` and starts the count afresh. */
export async function countWrongPin(
  db: Queryable,
  card: string,
  limit: number,
  lockedUntil: Date,
): Promise<void> {
  const reached = sql`${demoPatrons.failedSignIns} + 1 >= ${limit}`;
  await db
    .update(demoPatrons)
    .set({
      failedSignIns: sql`case when ${reached} then 0 else ${demoPatrons.failedSignIns} + 1 end`,
      lockedUntil: sql`case when ${reached} then ${lockedUntil.toISOString()}::timestamptz else ${demoPatrons.lockedUntil} end`,
    })
    .where(eq(demoPatrons.card, card));
}

export async function forgetWrongPins(db: Queryable, card: string): Promise<void> {
  await db
    .update(demoPatrons)
    .set({ failedSignIns: 0, lockedUntil: null })
    .where(
      and(
        eq(demoPatrons.card, card),
        sql`(${demoPatrons.failedSignIns} > 0 or ${demoPatrons.lockedUntil} is not null)`,
      ),
    );
}

const loanColumns = {
  id: demoLoans.id,
  card: demoLoans.card,
  barcode: demoLoans.barcode,
  outOn: demoLoans.outOn,
  dueOn: demoLoans.dueOn,
  renewals: demoLoans.renewals,
};

export type OpenLoan = Awaited<ReturnType<typeof readOpenLoans>>[number];

export async function readOpenLoans(db: Queryable, card: string) {
  return db
    .select(loanColumns)
    .from(demoLoans)
    .where(and(eq(demoLoans.card, card), isNull(demoLoans.returnedOn)))
    .orderBy(asc(demoLoans.dueOn), asc(demoLoans.barcode));
}

/** The loan that an item is out on. In a transaction, the row is held until its end. */
export async function holdOpenLoan(db: Queryable, barcode: string): Promise<OpenLoan | null> {
  const [row] = await db
    .select(loanColumns)
    .from(demoLoans)
    .where(and(eq(demoLoans.barcode, barcode), isNull(demoLoans.returnedOn)))
    .for("update");
  return row ?? null;
}

export async function readUnpaidLoans(db: Queryable, card: string) {
  return db
    .select({ id: demoLoans.id, barcode: demoLoans.barcode, fineCents: demoLoans.fineCents })
    .from(demoLoans)
    .where(and(eq(demoLoans.card, card), isNotNull(demoLoans.returnedOn)))
    .orderBy(asc(demoLoans.returnedOn), asc(demoLoans.barcode));
}

export interface NewLoan {
  card: string;
  barcode: string;
  outOn: string;
  dueOn: string;
}

/** The new loan's id, or null when the item is already out: of two desks at once, one gets null. */
export async function insertLoan(db: Queryable, loan: NewLoan): Promise<string | null> {
  const [row] = await db.insert(demoLoans).values(loan).onConflictDoNothing().returning({ id: demoLoans.id });
  return row?.id ?? null;
}

export async function extendLoan(db: Queryable, id: string, dueOn: string): Promise<void> {
  await db
    .update(demoLoans)
    .set({ dueOn, renewals: sql`${demoLoans.renewals} + 1` })
    .where(eq(demoLoans.id, id));
}

/** Policy 3.3: a loan that came back in time leaves no row. */
export async function deleteLoan(db: Queryable, id: string): Promise<void> {
  await db.delete(demoLoans).where(eq(demoLoans.id, id));
}

/** Policy 3.4: a late loan is kept from its return until its fine is paid. */
export async function keepUntilPaid(
  db: Queryable,
  id: string,
  returnedOn: string,
  fineCents: number,
): Promise<void> {
  await db.update(demoLoans).set({ returnedOn, fineCents }).where(eq(demoLoans.id, id));
}

/** Deletes a returned loan whose fine is being paid. Returns the cents, or null when there is none such. */
export async function deletePaidLoan(db: Queryable, card: string, id: string): Promise<number | null> {
  const [row] = await db
    .delete(demoLoans)
    .where(and(eq(demoLoans.id, id), eq(demoLoans.card, card), isNotNull(demoLoans.returnedOn)))
    .returning({ fineCents: demoLoans.fineCents });
  return row?.fineCents ?? null;
}

export async function tieLastBorrower(
  db: Queryable,
  barcode: string,
  card: string,
  clearOn: string,
): Promise<void> {
  await db
    .insert(demoLastBorrowers)
    .values({ barcode, card, clearOn })
    .onConflictDoUpdate({ target: demoLastBorrowers.barcode, set: { card, clearOn } });
}

export async function untieLastBorrower(db: Queryable, barcode: string): Promise<void> {
  await db.delete(demoLastBorrowers).where(eq(demoLastBorrowers.barcode, barcode));
}

/** Clears the last borrowers whose days have passed. Returns how many. */
export async function clearLastBorrowers(db: Queryable, today: string): Promise<number> {
  const { rowCount } = await db.delete(demoLastBorrowers).where(lte(demoLastBorrowers.clearOn, today));
  return rowCount ?? 0;
}

/** Items that still name the card as their last borrower. */
export async function readLastBorrowed(db: Queryable, card: string) {
  return db
    .select({ barcode: demoLastBorrowers.barcode, clearOn: demoLastBorrowers.clearOn })
    .from(demoLastBorrowers)
    .where(eq(demoLastBorrowers.card, card))
    .orderBy(asc(demoLastBorrowers.clearOn), asc(demoLastBorrowers.barcode));
}

/** Last borrowers that should have been cleared before `day`. */
export async function countOverdueLastBorrowers(db: Queryable, day: string): Promise<number> {
  return db.$count(demoLastBorrowers, lt(demoLastBorrowers.clearOn, day));
}

export async function readHolds(db: Queryable, card: string) {
  return db
    .select({ recordId: demoHolds.recordId, placedOn: demoHolds.placedOn, readyOn: demoHolds.readyOn })
    .from(demoHolds)
    .where(eq(demoHolds.card, card))
    .orderBy(asc(demoHolds.placedOn), asc(demoHolds.recordId));
}

/** True when a patron other than `card` waits for the record. */
export async function isAwaited(db: Queryable, recordId: number, card: string): Promise<boolean> {
  return (await db.$count(demoHolds, and(eq(demoHolds.recordId, recordId), ne(demoHolds.card, card)))) > 0;
}

export async function deleteHold(db: Queryable, recordId: number, card: string): Promise<void> {
  await db.delete(demoHolds).where(and(eq(demoHolds.recordId, recordId), eq(demoHolds.card, card)));
}
