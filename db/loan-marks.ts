/** Queries on the marks of loans still out: keyed hashes in an unlogged table, gone on return. */
import { and, eq, inArray, lt, sql } from "drizzle-orm";
import type { Queryable } from "./connection";
import { loanMarks } from "./schema/vault";

export interface LoanMark {
  hash: Uint8Array;
  vaultId: string;
  checkoutSeen: boolean;
}

export async function findMarks(db: Queryable, hashes: Uint8Array[]): Promise<LoanMark[]> {
  if (hashes.length === 0) return [];
  return db
    .select({ hash: loanMarks.hash, vaultId: loanMarks.vaultId, checkoutSeen: loanMarks.checkoutSeen })
    .from(loanMarks)
    .where(inArray(loanMarks.hash, hashes));
}

export async function setMarks(db: Queryable, marks: (LoanMark & { until: string })[]): Promise<void> {
  if (marks.length === 0) return;
  await db
    .insert(loanMarks)
    .values(marks)
    .onConflictDoUpdate({
      target: loanMarks.hash,
      set: {
        until: sql`excluded.until`,
        checkoutSeen: sql`excluded.checkout_seen or (${loanMarks.checkoutSeen} and ${loanMarks.vaultId} = excluded.vault_id)`,
        vaultId: sql`excluded.vault_id`,
      },
    });
}

/** Clears marks of this vault only: another patron's mark stays, whatever loan id an event names. */
export async function clearMarks(db: Queryable, vaultId: string, hashes: Uint8Array[]): Promise<void> {
  if (hashes.length === 0) return;
  await db.delete(loanMarks).where(and(eq(loanMarks.vaultId, vaultId), inArray(loanMarks.hash, hashes)));
}

export async function sweepMarks(db: Queryable, today: string): Promise<number> {
  const swept = await db
    .delete(loanMarks)
    .where(sql`${loanMarks.until} <= ${today}`)
    .returning({ hash: loanMarks.hash });
  return swept.length;
}

/** Marks that should have been swept before `day`. */
export async function countOverdueMarks(db: Queryable, day: string): Promise<number> {
  return db.$count(loanMarks, lt(loanMarks.until, day));
}

export async function countMarksOf(db: Queryable, vaultId: string): Promise<number> {
  return db.$count(loanMarks, eq(loanMarks.vaultId, vaultId));
}
