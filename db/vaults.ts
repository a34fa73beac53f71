/** Queries on the vault tables. They see wrapped bytes only, and never say when anything was written. */
import { and, eq, inArray, lt, sql } from "drizzle-orm";
import type { Queryable } from "./connection";
import { loanMarks, vaultChapters, vaultInbox, vaultKeys, vaultSlots, vaults } from "./schema/vault";

export interface StoredKey {
  keyId: string;
  generation: number;
  wrapped: Uint8Array;
}

export type PlacedKey = StoredKey & { vaultId: string };

export interface StoredBody {
  id: string;
  body: Uint8Array;
}

export interface StoredVault {
  id: string;
  head: Uint8Array;
  manifest: Uint8Array;
}

const vaultColumns = { id: vaults.id, head: vaults.head, manifest: vaults.manifest };

export async function findVault(db: Queryable, handle: Uint8Array): Promise<StoredVault | null> {
  const [row] = await db.select(vaultColumns).from(vaults).where(eq(vaults.handle, handle));
  return row ?? null;
}

/** Locks the row until the transaction ends: one writer per vault at a time. */
export async function lockVault(db: Queryable, id: string): Promise<StoredVault | null> {
  const [row] = await db.select(vaultColumns).from(vaults).where(eq(vaults.id, id)).for("update");
  return row ?? null;
}

export async function lockVaultByHandle(db: Queryable, handle: Uint8Array): Promise<StoredVault | null> {
  const [row] = await db.select(vaultColumns).from(vaults).where(eq(vaults.handle, handle)).for("update");
  return row ?? null;
}

/** Locks several vaults in one fixed order, so that two batches never wait for each other in a circle. */
export async function lockVaults(db: Queryable, ids: string[]): Promise<StoredVault[]> {
  if (ids.length === 0) return [];
  return db.select(vaultColumns).from(vaults).where(inArray(vaults.id, ids)).orderBy(vaults.id).for("update");
}

export async function findVaultIds(
  db: Queryable,
  handles: Uint8Array[],
): Promise<{ id: string; handle: Uint8Array }[]> {
  return db
    .select({ id: vaults.id, handle: vaults.handle })
    .from(vaults)
    .where(inArray(vaults.handle, handles));
}

/** @returns false when the patron has a vault already. */
export async function insertVault(
  db: Queryable,
  vault: StoredVault & { handle: Uint8Array },
): Promise<boolean> {
  const made = await db.insert(vaults).values(vault).onConflictDoNothing().returning({ id: vaults.id });
  return made.length === 1;
}

export async function updateHead(db: Queryable, id: string, head: Uint8Array): Promise<void> {
  await db.update(vaults).set({ head }).where(eq(vaults.id, id));
}

export async function updateHeadAndManifest(
  db: Queryable,
  id: string,
  head: Uint8Array,
  manifest: Uint8Array,
): Promise<void> {
  await db.update(vaults).set({ head, manifest }).where(eq(vaults.id, id));
}

/** Keys, slots, chapters, inbox and marks of the vault go with it (foreign keys cascade). */
export async function deleteVaultRow(db: Queryable, handle: Uint8Array): Promise<boolean> {
  const gone = await db.delete(vaults).where(eq(vaults.handle, handle)).returning({ id: vaults.id });
  return gone.length === 1;
}

export async function insertKeys(db: Queryable, vaultId: string, keys: StoredKey[]): Promise<void> {
  await db.insert(vaultKeys).values(keys.map((key) => ({ ...key, vaultId })));
}

export async function readKey(db: Queryable, vaultId: string, keyId: string): Promise<StoredKey | null> {
  const [row] = await db
    .select({ keyId: vaultKeys.keyId, generation: vaultKeys.generation, wrapped: vaultKeys.wrapped })
    .from(vaultKeys)
    .where(and(eq(vaultKeys.vaultId, vaultId), eq(vaultKeys.keyId, keyId)));
  return row ?? null;
}

export async function readKeysOf(db: Queryable, vaultIds: string[], keyId: string): Promise<PlacedKey[]> {
  if (vaultIds.length === 0) return [];
  return db
    .select({
      vaultId: vaultKeys.vaultId,
      keyId: vaultKeys.keyId,
      generation: vaultKeys.generation,
      wrapped: vaultKeys.wrapped,
    })
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
    .select({
      vaultId: vaultKeys.vaultId,
      keyId: vaultKeys.keyId,
      generation: vaultKeys.generation,
      wrapped: vaultKeys.wrapped,
    })
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
  return db
    .select({
      vaultId: vaultKeys.vaultId,
      keyId: vaultKeys.keyId,
      generation: vaultKeys.generation,
      wrapped: vaultKeys.wrapped,
    })
    .from(vaultKeys)
    .where(eq(vaultKeys.generation, generation))
    .limit(limit);
}

export async function rewrapKey(db: Queryable, vaultId: string, key: StoredKey): Promise<void> {
  await db
    .update(vaultKeys)
    .set({ generation: key.generation, wrapped: key.wrapped })
    .where(and(eq(vaultKeys.vaultId, vaultId), eq(vaultKeys.keyId, key.keyId)));
}

/** Generations that some row still needs, oldest first. */
export async function generationsInUse(db: Queryable): Promise<number[]> {
  const rows = await db
    .selectDistinct({ generation: vaultKeys.generation })
    .from(vaultKeys)
    .orderBy(vaultKeys.generation);
  return rows.map((row) => row.generation);
}

export async function readSlots(db: Queryable, vaultId: string): Promise<StoredBody[]> {
  return db
    .select({ id: vaultSlots.id, body: vaultSlots.body })
    .from(vaultSlots)
    .where(eq(vaultSlots.vaultId, vaultId));
}

export async function insertSlots(db: Queryable, vaultId: string, slots: StoredBody[]): Promise<void> {
  await db.insert(vaultSlots).values(slots.map((slot) => ({ ...slot, vaultId })));
}

export async function readChapters(db: Queryable, vaultId: string): Promise<StoredBody[]> {
  return db
    .select({ id: vaultChapters.id, body: vaultChapters.body })
    .from(vaultChapters)
    .where(eq(vaultChapters.vaultId, vaultId));
}

/** Writes chapters of one vault. @returns false when an id belongs to another vault's chapter. */
export async function writeChapters(
  db: Queryable,
  vaultId: string,
  chapters: StoredBody[],
): Promise<boolean> {
  if (chapters.length === 0) return true;
  const written = await db
    .insert(vaultChapters)
    .values(chapters.map((chapter) => ({ ...chapter, vaultId })))
    .onConflictDoUpdate({
      target: vaultChapters.id,
      set: { body: sql`excluded.body` },
      setWhere: eq(vaultChapters.vaultId, vaultId),
    })
    .returning({ id: vaultChapters.id });
  return written.length === chapters.length;
}

export async function dropChapters(db: Queryable, vaultId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .delete(vaultChapters)
    .where(and(eq(vaultChapters.vaultId, vaultId), inArray(vaultChapters.id, ids)));
}

export async function readInbox(db: Queryable, vaultId: string): Promise<StoredBody[]> {
  return db
    .select({ id: vaultInbox.id, body: vaultInbox.body })
    .from(vaultInbox)
    .where(eq(vaultInbox.vaultId, vaultId));
}

export async function insertInbox(db: Queryable, rows: (StoredBody & { vaultId: string })[]): Promise<void> {
  if (rows.length > 0) await db.insert(vaultInbox).values(rows);
}

export async function dropInbox(db: Queryable, vaultId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.delete(vaultInbox).where(and(eq(vaultInbox.vaultId, vaultId), inArray(vaultInbox.id, ids)));
}

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

export async function clearMarks(db: Queryable, hashes: Uint8Array[]): Promise<void> {
  if (hashes.length > 0) await db.delete(loanMarks).where(inArray(loanMarks.hash, hashes));
}

export async function sweepMarks(db: Queryable, today: string): Promise<number> {
  const swept = await db
    .delete(loanMarks)
    .where(sql`${loanMarks.until} <= ${today}`)
    .returning({ hash: loanMarks.hash });
  return swept.length;
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
