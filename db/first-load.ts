/** Fills an empty catalogue once, even when several servers start on it together. */
import { sql } from "drizzle-orm";
import { firstLoadLock } from "./advisory-locks";
import { countRecords } from "./catalogue";
import type { Database, Transaction } from "./connection";

/** Runs `load` in one transaction, all or nothing, if the catalogue has no record; tells whether it did. */
export async function loadIntoEmptyCatalogue(
  db: Database,
  load: (tx: Transaction) => Promise<unknown>,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${firstLoadLock})`);
    if ((await countRecords(tx)) > 0) return false;
    await load(tx);
    return true;
  });
}
