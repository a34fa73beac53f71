/** The keyring's own small database: one row of text, exchanged whole, kept out of the write-ahead log where the server allows it. */
import { sql } from "drizzle-orm";
import { separationLock } from "./advisory-locks";
import { openDatabase, type Queryable } from "./connection";
import { keyring } from "./keyring/schema";
import { folderBeside, migrateDatabase } from "./migrate";

export interface KeyringDatabase {
  readDocument(): Promise<string | null>;
  /** Writes `next` if `isExpected` says so of what is there. @returns whether it did; then it is on disk. */
  exchangeDocument(isExpected: (found: string | null) => boolean, next: string): Promise<boolean>;
  close(): Promise<void>;
}

const connections = 2;
const patienceMs = 10_000;

/**
 * [Note: masters and the log] A destroyed master must not live on in the write-ahead log. A table that is emptied by
 * TRUNCATE and filled in the same transaction gets new files, and the old ones go when that commits. With wal_level =
 * minimal and wal_skip_threshold = 0 the new files are flushed instead of being logged. What is left is the first reader
 * of a row, who marks its page and, where pages have checksums, logs the whole page. So the document is made long enough
 * to lie out of line, in a table whose pages readers do not mark. `lib/custody/keyring-traces.test.ts` searches the disk.
 */
const paddedBytes = 4_096;

/** Does not connect yet. */
export function openKeyringDatabase(url: string): KeyringDatabase {
  const { db, close } = openDatabase(url, connections);
  return {
    // The table is never seen empty between two documents by a statement that waited for its lock; a second look costs little.
    readDocument: async () => (await readRow(db)) ?? (await readRow(db)),
    exchangeDocument: (isExpected, next) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`select set_config('lock_timeout', ${String(patienceMs)}, true)`);
        await tx.execute(sql`set local synchronous_commit = on`);
        // [Note: masters and the log]
        await tx.execute(sql`set local wal_skip_threshold = 0`);
        await tx.execute(sql`lock table ${keyring} in access exclusive mode`);
        if (!isExpected(await readRow(tx))) return false;
        await tx.execute(sql`truncate ${keyring}`);
        await tx.insert(keyring).values({ document: next.padEnd(paddedBytes) });
        return true;
      }),
    close,
  };
}

async function readRow(db: Queryable): Promise<string | null> {
  const [row] = await db.select({ document: keyring.document }).from(keyring);
  return row?.document ?? null;
}

/** Makes the one table. It has migrations of its own: the library's database never gets this table, nor this one the library's. */
export async function migrateKeyringDatabase(url: string): Promise<void> {
  await migrateDatabase(url, folderBeside(import.meta.url, "keyring", "migrations"));
}

export type Separation = "separate" | "same-server" | "same-database";

/**
 * Whether one backup would take both: a lock taken in the one is looked for from the other. Names and addresses prove
 * nothing, since one database may have several.
 */
export async function separationOf(databaseUrl: string, keyringUrl: string): Promise<Separation> {
  const [library, keys] = [openDatabase(databaseUrl, 1), openDatabase(keyringUrl, 1)];
  const token = Math.floor(Math.random() * 2 ** 31);
  try {
    return await library.db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${separationLock}::int, ${token}::int)`);
      const { rows } = await keys.db.execute<{ here: boolean }>(sql`
        select database = (select oid from pg_database where datname = current_database()) as here
        from pg_locks
        where locktype = 'advisory' and classid = ${separationLock} and objid = ${token} and objsubid = 2`);
      if (rows[0] === undefined) return "separate";
      return rows[0].here ? "same-database" : "same-server";
    });
  } finally {
    await library.close();
    await keys.close();
  }
}
