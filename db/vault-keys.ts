/** Queries on the keys of vaults, each wrapped by a master, and the lock that a change of masters takes. */
import { and, countDistinct, eq, inArray, lt, notInArray, sql } from "drizzle-orm";
import type { Queryable } from "./connection";
import { vaultKeys } from "./schema/vault";

export interface StoredKey {
  keyId: string;
  generation: number;
  wrapped: Uint8Array;
}

export type PlacedKey = StoredKey & { vaultId: string };

const storedKey = { keyId: vaultKeys.keyId, generation: vaultKeys.generation, wrapped: vaultKeys.wrapped };
const placedKey = { vaultId: vaultKeys.vaultId, ...storedKey };

export async function insertKeys(db: Queryable, vaultId: string, keys: StoredKey[]): Promise<void> {
  await db.insert(vaultKeys).values(keys.map((key) => ({ ...key, vaultId })));
}

/** Deletes all the vault's keys but these. */
export async function keepKeys(db: Queryable, vaultId: string, keyIds: string[]): Promise<void> {
  await db.delete(vaultKeys).where(and(eq(vaultKeys.vaultId, vaultId), notInArray(vaultKeys.keyId, keyIds)));
}

export async function readKey(db: Queryable, vaultId: string, keyId: string): Promise<StoredKey | null> {
  const [row] = await db
    .select(storedKey)
    .from(vaultKeys)
    .where(and(eq(vaultKeys.vaultId, vaultId), eq(vaultKeys.keyId, keyId)));
  return row ?? null;
}

export async function readKeysOf(db: Queryable, vaultIds: string[], keyId: string): Promise<PlacedKey[]> {
  if (vaultIds.length === 0) return [];
  return db
    .select(placedKey)
    .from(vaultKeys)
    .where(and(inArray(vaultKeys.vaultId, vaultIds), eq(vaultKeys.keyId, keyId)));
}

/**
 * The next keys after `after` that a rotation has still to re-wrap, locked, in the order of their ids. Rows that
 * another transaction holds are passed over: it is deleting them.
 */
export async function lockKeysBefore(
  db: Queryable,
  generation: number,
  limit: number,
  after: PlacedKey | null,
): Promise<PlacedKey[]> {
  return db
    .select(placedKey)
    .from(vaultKeys)
    .where(
      and(
        lt(vaultKeys.generation, generation),
        after
          ? sql`(${vaultKeys.vaultId}, ${vaultKeys.keyId}) > (${after.vaultId}::uuid, ${after.keyId})`
          : undefined,
      ),
    )
    .orderBy(vaultKeys.vaultId, vaultKeys.keyId)
    .limit(limit)
    .for("update", { skipLocked: true });
}

/** A few keys of a generation, to see whether a keyring opens them. */
export async function sampleKeys(db: Queryable, generation: number, limit: number): Promise<PlacedKey[]> {
  return db.select(placedKey).from(vaultKeys).where(eq(vaultKeys.generation, generation)).limit(limit);
}

/** Stores keys wrapped anew under one generation, in one statement. */
export async function rewrapKeys(
  db: Queryable,
  generation: number,
  keys: Omit<PlacedKey, "generation">[],
): Promise<void> {
  if (keys.length === 0) return;
  const vaultIds = sql.param(keys.map(({ vaultId }) => vaultId));
  const keyIds = sql.param(keys.map(({ keyId }) => keyId));
  const wrapped = sql.param(keys.map((key) => Buffer.from(key.wrapped)));
  await db.execute(sql`
    update ${vaultKeys} set generation = ${generation}, wrapped = fresh.wrapped
    from unnest(${vaultIds}::uuid[], ${keyIds}::text[], ${wrapped}::bytea[]) as fresh (vault_id, key_id, wrapped)
    where ${vaultKeys.vaultId} = fresh.vault_id and ${vaultKeys.keyId} = fresh.key_id`);
}

export async function countKeysBefore(db: Queryable, generation: number): Promise<number> {
  return db.$count(vaultKeys, lt(vaultKeys.generation, generation));
}

/** Vaults with a key under a master that is not among these. */
export async function countVaultsOutside(db: Queryable, generations: number[]): Promise<number> {
  const [row] = await db
    .select({ vaults: countDistinct(vaultKeys.vaultId) })
    .from(vaultKeys)
    .where(notInArray(vaultKeys.generation, generations));
  return row?.vaults ?? 0;
}

/** Generations that some row still needs, oldest first. */
export async function generationsInUse(db: Queryable): Promise<number[]> {
  const rows = await db
    .selectDistinct({ generation: vaultKeys.generation })
    .from(vaultKeys)
    .orderBy(vaultKeys.generation);
  return rows.map((row) => row.generation);
}

const rotationPatienceMs = 10_000;

/**
 * Held until the transaction ends. A rotation takes the lock alone; whoever wraps a new key shares it. Who wants it
 * alone gives up after ten seconds, because those who want to share it queue behind.
 */
export async function lockRotation(db: Queryable, lock: number, how: "shared" | "alone"): Promise<void> {
  if (how === "shared") {
    await db.execute(sql`select pg_advisory_xact_lock_shared(${lock})`);
    return;
  }
  await db.execute(sql`select set_config('lock_timeout', ${String(rotationPatienceMs)}, true)`);
  await db.execute(sql`select pg_advisory_xact_lock(${lock})`);
}

/** Makes this transaction's commit wait for the disk, whatever the server's own setting. */
export async function commitToDisk(tx: Queryable): Promise<void> {
  await tx.execute(sql`set local synchronous_commit = on`);
}
