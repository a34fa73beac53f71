/** Queries on the months in which vaults were last opened: sealed bytes, one row a vault, and none while the library keeps none. */
import { eq, gt, sql } from "drizzle-orm";
import type { Queryable } from "./connection";
import { vaultOpenings, vaults } from "./schema/vault";

export async function readOpening(db: Queryable, vaultId: string): Promise<Uint8Array | null> {
  const [row] = await db
    .select({ body: vaultOpenings.body })
    .from(vaultOpenings)
    .where(eq(vaultOpenings.vaultId, vaultId));
  return row?.body ?? null;
}

export async function writeOpening(db: Queryable, vaultId: string, body: Uint8Array): Promise<void> {
  await db
    .insert(vaultOpenings)
    .values({ vaultId, body })
    .onConflictDoUpdate({ target: vaultOpenings.vaultId, set: { body } });
}

/** The next vaults after `after`, in the order of their ids. */
export async function listVaultIds(db: Queryable, after: string | null, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: vaults.id })
    .from(vaults)
    .where(after === null ? undefined : gt(vaults.id, after))
    .orderBy(vaults.id)
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** Empties the table, its files included. @returns whether there was anything. */
export async function clearOpenings(db: Queryable): Promise<boolean> {
  const [row] = await db.select({ one: sql`1` }).from(vaultOpenings).limit(1);
  if (!row) return false;
  await db.execute(sql`truncate ${vaultOpenings}`);
  return true;
}
