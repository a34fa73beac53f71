/** Queries on the vault tables. They see wrapped bytes only, and never say when anything was written. */
import { and, eq, inArray, notInArray, type SQL, sql } from "drizzle-orm";
import type { Queryable } from "./connection";
import { vaultChapters, vaultInbox, vaultSlots, vaults } from "./schema/vault";

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
  return deleteVaultWhere(db, eq(vaults.handle, handle));
}

/** The same, for a vault whose patron the server does not know. */
export async function deleteVaultById(db: Queryable, id: string): Promise<boolean> {
  return deleteVaultWhere(db, eq(vaults.id, id));
}

async function deleteVaultWhere(db: Queryable, which: SQL): Promise<boolean> {
  const gone = await db.delete(vaults).where(which).returning({ id: vaults.id });
  return gone.length === 1;
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

/** @returns false when the id is taken, in this vault or another. */
export async function insertSlot(db: Queryable, vaultId: string, slot: StoredBody): Promise<boolean> {
  const made = await db
    .insert(vaultSlots)
    .values({ ...slot, vaultId })
    .onConflictDoNothing()
    .returning({ id: vaultSlots.id });
  return made.length === 1;
}

/** Deletes all the vault's slots but these. */
export async function keepSlots(db: Queryable, vaultId: string, ids: string[]): Promise<void> {
  await db.delete(vaultSlots).where(and(eq(vaultSlots.vaultId, vaultId), notInArray(vaultSlots.id, ids)));
}

export async function readChapters(db: Queryable, vaultId: string): Promise<StoredBody[]> {
  return db
    .select({ id: vaultChapters.id, body: vaultChapters.body })
    .from(vaultChapters)
    .where(eq(vaultChapters.vaultId, vaultId));
}

/** Writes chapters of one vault. @returns false when an id belongs to another vault's chapter, or comes twice. */
export async function writeChapters(
  db: Queryable,
  vaultId: string,
  chapters: StoredBody[],
): Promise<boolean> {
  // One statement cannot write a row twice.
  if (new Set(chapters.map(({ id }) => id)).size < chapters.length) return false;
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

/** Bytes of all chapters of the vault, envelopes included. */
export async function measureChapters(db: Queryable, vaultId: string): Promise<number> {
  const [row] = await db
    .select({ bytes: sql<number>`coalesce(sum(length(${vaultChapters.body})), 0)::float8` })
    .from(vaultChapters)
    .where(eq(vaultChapters.vaultId, vaultId));
  return row?.bytes ?? 0;
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

export async function readInboxIds(db: Queryable, vaultId: string): Promise<string[]> {
  const rows = await db.select({ id: vaultInbox.id }).from(vaultInbox).where(eq(vaultInbox.vaultId, vaultId));
  return rows.map(({ id }) => id);
}

/** Deletes all slots, chapters and waiting entries of the vault. Its own row, its keys and its marks stay. */
export async function clearVaultRows(db: Queryable, vaultId: string): Promise<void> {
  for (const table of [vaultSlots, vaultChapters, vaultInbox])
    await db.delete(table).where(eq(table.vaultId, vaultId));
}

export async function insertInbox(db: Queryable, rows: (StoredBody & { vaultId: string })[]): Promise<void> {
  if (rows.length > 0) await db.insert(vaultInbox).values(rows);
}

export async function dropInbox(db: Queryable, vaultId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  // One array, because a statement takes at most 65,535 parameters.
  const among = sql`${vaultInbox.id} = any(${sql.param(ids)}::uuid[])`;
  await db.delete(vaultInbox).where(and(eq(vaultInbox.vaultId, vaultId), among));
}

/** What can be seen of a vault without any key: how large each chapter is, how many sealed entries wait. */
export async function measureVault(
  db: Queryable,
  vaultId: string,
): Promise<{ chapterBytes: number[]; waiting: number }> {
  const chapters = await db
    .select({ bytes: sql<number>`octet_length(${vaultChapters.body})` })
    .from(vaultChapters)
    .where(eq(vaultChapters.vaultId, vaultId));
  const waiting = await db.$count(vaultInbox, eq(vaultInbox.vaultId, vaultId));
  return { chapterBytes: chapters.map(({ bytes }) => bytes), waiting };
}
