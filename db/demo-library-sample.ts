/** Writes the demo library's first patrons, loans, holds and fine, once, into an empty demo library. */
import { asc, eq } from "drizzle-orm";
import type { Database, Queryable } from "./connection";
import { items, records } from "./schema/catalogue";
import { demoHolds, demoLoans, demoPatrons } from "./schema/demo-library";

export interface DemoSample {
  patrons: { card: string; name: string; pinHash: string }[];
  loans: {
    card: string;
    barcode: string;
    outOn: string;
    dueOn: string;
    returnedOn?: string;
    fineCents?: number;
  }[];
  holds: { card: string; recordId: number; placedOn: string; readyOn?: string }[];
}

/** All or nothing, and only when there are no patrons. False when there were. */
export async function insertDemoSample(db: Database, sample: DemoSample): Promise<boolean> {
  return db.transaction(async (tx) => {
    const inserted = await tx
      .insert(demoPatrons)
      .values(sample.patrons)
      .onConflictDoNothing()
      .returning({ card: demoPatrons.card });
    if (inserted.length < sample.patrons.length) return false;
    if (sample.loans.length > 0) await tx.insert(demoLoans).values(sample.loans);
    if (sample.holds.length > 0) await tx.insert(demoHolds).values(sample.holds);
    return true;
  });
}

export async function hasDemoPatrons(db: Queryable): Promise<boolean> {
  return (await db.$count(demoPatrons)) > 0;
}

/** Items of distinct books for the sample to lend, the same ones each time. */
export async function readSampleItems(db: Queryable, count: number) {
  const rows = await db
    .selectDistinctOn([items.recordId], { barcode: items.barcode, recordId: items.recordId })
    .from(items)
    .innerJoin(records, eq(records.id, items.recordId))
    .where(eq(records.format, "book"))
    .orderBy(asc(items.recordId), asc(items.barcode))
    .limit(count);
  return rows;
}
