/** Token buckets under keyed hashes: how many attempts a card, an address or a vault has left. */
import { eq, lt, sql } from "drizzle-orm";
import type { Queryable } from "./connection";
import { allowances } from "./schema/allowances";

/** `capacity` attempts at once, then `perHour` more each hour. */
export interface AllowanceRate {
  capacity: number;
  perHour: number;
}

export type Allowance = { ok: true; left: number } | { ok: false; retryAfterSeconds: number };

/**
 * Takes one attempt. One statement, so that requests and processes that run at once never share a token: the
 * upsert waits for the row and computes from its newest value. A refusal takes nothing; a clock set back refills nothing.
 */
export async function takeAllowance(
  db: Queryable,
  key: Uint8Array,
  rate: AllowanceRate,
  now: Date,
): Promise<Allowance> {
  const { tokens, refilledAt } = allowances;
  const filled = refilledTokens(rate, now);
  const { rows } = await db.execute<{ left: number | null; tokens: number | null; idle: number | null }>(sql`
    with taken as (
      insert into ${allowances} (key, tokens, refilled_at, full_at)
      values (${Buffer.from(key)}, ${rate.capacity - 1}::float8, ${instant(now)}, ${fullAt(sql`${rate.capacity - 1}::float8`, rate, now)})
      on conflict (key) do update set
        tokens = ${filled} - 1,
        refilled_at = greatest(${refilledAt}, ${instant(now)}),
        full_at = ${fullAt(sql`${filled} - 1`, rate, now)}
      where ${filled} >= ${almostOne}::float8
      returning tokens
    )
    select (select tokens from taken) as left, ${tokens} as tokens, ${idleSeconds(now)} as idle
    from (select 1) as one left join ${allowances} on ${allowances.key} = ${Buffer.from(key)}`);
  const row = rows[0];
  if (row !== undefined && row.left !== null) return { ok: true, left: Math.floor(row.left) };
  const held = (row?.tokens ?? 0) + ((row?.idle ?? 0) * rate.perHour) / 3600;
  const missing = Math.min(1, Math.max(0, 1 - held));
  return {
    ok: false,
    retryAfterSeconds: Math.max(1, Math.ceil((missing * almostOne * 3600) / rate.perHour)),
  };
}

/** Gives one attempt back, as after a success that should not count. */
export async function returnAllowance(
  db: Queryable,
  key: Uint8Array,
  rate: AllowanceRate,
  now: Date,
): Promise<void> {
  const one = sql`least(${rate.capacity}::float8, ${refilledTokens(rate, now)} + 1)`;
  await db
    .update(allowances)
    .set({
      tokens: one,
      refilledAt: sql`greatest(${allowances.refilledAt}, ${instant(now)})`,
      fullAt: fullAt(one, rate, now),
    })
    .where(eq(allowances.key, key));
}

/** Fills the bucket again: a bucket that is full has no row. */
export async function refillAllowance(db: Queryable, key: Uint8Array): Promise<void> {
  await db.delete(allowances).where(eq(allowances.key, key));
}

/** When an attempt was last counted, while the count is kept; null when nothing is. */
export async function readLastAttempt(db: Queryable, key: Uint8Array): Promise<Date | null> {
  const [row] = await db
    .select({ at: allowances.refilledAt })
    .from(allowances)
    .where(eq(allowances.key, key));
  return row?.at ?? null;
}

/** Deletes the rows that say nothing any more, because their bucket is full again. Returns how many. */
export async function sweepAllowances(db: Queryable, now: Date): Promise<number> {
  const { rowCount } = await db.delete(allowances).where(lt(allowances.fullAt, now));
  return rowCount ?? 0;
}

// Sums of fractions may miss the whole by a rounding error.
const almostOne = 1 - 1e-9;

const instant = (now: Date) => sql`${now.toISOString()}::timestamptz`;

const idleSeconds = (now: Date) =>
  sql`greatest(0, extract(epoch from ${instant(now)} - ${allowances.refilledAt}))::float8`;

const refilledTokens = (rate: AllowanceRate, now: Date) =>
  sql`least(${rate.capacity}::float8, ${allowances.tokens} + ${idleSeconds(now)} * ${rate.perHour / 3600}::float8)`;

const fullAt = (tokens: ReturnType<typeof sql>, rate: AllowanceRate, now: Date) =>
  sql`${instant(now)} + make_interval(secs => (${rate.capacity}::float8 - (${tokens})) * ${3600 / rate.perHour}::float8)`;
