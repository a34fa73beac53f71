/** Lets one process at a time do what must not be done twice at once. */
import { sql } from "drizzle-orm";
import type { Database } from "./connection";

export type Led<T> = { ok: true; value: T } | { ok: false; why: "another-leads" };

/**
 * Runs `work` if no other process holds `lock`. A process that dies gives it up with its connection. It costs one
 * connection of the pool, whose transaction stays open and idle: it has no snapshot and holds nothing back.
 */
export async function asLeader<T>(db: Database, lock: number, work: () => Promise<T>): Promise<Led<T>> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ taken: boolean }>(
      sql`select pg_try_advisory_xact_lock(${lock}) as taken`,
    );
    if (rows[0]?.taken !== true) return { ok: false, why: "another-leads" };
    // A server that ends idle transactions would end the leadership in the middle of the work.
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`);
    return { ok: true, value: await work() };
  });
}
