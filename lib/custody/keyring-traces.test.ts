/** What a destroyed master leaves on the disk of the keyring's own server, and how that server is known from the library's. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "@/db/connection";
import { migrateKeyringDatabase, separationOf } from "@/db/keyring-database";
import { emptyDatabase, testDatabase } from "@/db/test-database";
import { examineKeyringDatabase } from "@/lib/audit/keyring-place";
import { type EmbeddedPostgres, ensurePostgres } from "@/scripts/embedded-postgres";
import { prepareKeyringDatabase } from "./chosen-keyring";
import { newMaster } from "./keyring-contents";
import { databaseKeyring } from "./keyring-database";

const root = mkdtempSync(join(tmpdir(), "commonplace-keyring-"));
/** A server for the keyring alone, set as docs/OPERATIONS.md says; and one that is ready for an archive or a standby. */
let own: EmbeddedPostgres;
let archiving: EmbeddedPostgres;

beforeAll(async () => {
  chmodSync(root, 0o711);
  own = await ensurePostgres({ dataDir: join(root, "own") });
  archiving = await ensurePostgres({ dataDir: join(root, "archiving"), settings: { wal_level: "replica" } });
  for (const { url } of [own, archiving]) await migrateKeyringDatabase(url);
}, 60_000);

afterAll(async () => {
  await own.stop();
  await archiving.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Makes a keyring, rotates it twice. @returns the destroyed masters and the living one. */
async function rotateTwice(url: string): Promise<{ destroyed: string[]; living: string }> {
  const store = databaseKeyring(url);
  try {
    let seen = await store.readOrMake("2026-03-01");
    const destroyed: string[] = [];
    for (const generation of [2, 3]) {
      const both = {
        ...seen,
        current: generation,
        masters: [...seen.masters, newMaster(generation, "2026-03-02")],
      };
      await store.replace(both, seen);
      destroyed.push(...seen.masters.map(({ keyB64 }) => keyB64));
      seen = { ...both, masters: both.masters.slice(-1) };
      await store.replace(seen, both);
    }
    return { destroyed, living: seen.masters[0]?.keyB64 ?? "" };
  } finally {
    await store.close();
  }
}

/** The files under a server's data folder that hold a text. */
async function filesWith(url: string, text: string): Promise<string[]> {
  const { pool, close } = openDatabase(url, 1);
  const { rows } = await pool.query<{ folder: string }>(
    "select setting as folder from pg_settings where name = 'data_directory'",
  );
  await close();
  const folder = rows[0]?.folder ?? "";
  return readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text))
    .map((path) => path.slice(folder.length));
}

test("on a server set as advised, a destroyed master is in no file: not in a table's, not in the write-ahead log", async () => {
  const { destroyed, living } = await rotateTwice(own.url);
  expect(await filesWith(own.url, living)).toEqual([expect.stringMatching(/^\/base\//)]);
  expect(destroyed).toHaveLength(2);
  for (const key of destroyed) expect(await filesWith(own.url, key)).toEqual([]);
}, 60_000);

test("on a server with a fuller log it stays there, and the search finds it", async () => {
  const { url } = archiving;
  const { destroyed } = await rotateTwice(url);
  for (const key of destroyed) {
    const found = await filesWith(url, key);
    expect(found).not.toEqual([]);
    expect(found.filter((path) => !path.startsWith("/pg_wal/"))).toEqual([]);
  }
}, 60_000);

test("the audit sees which server keeps what should be gone", async () => {
  const looked = async (url: string) => {
    const { db, close } = openDatabase(url, 1);
    try {
      return await examineKeyringDatabase({ kind: "database", db, separation: "separate" });
    } finally {
      await close();
    }
  };
  expect(await looked(own.url)).toEqual([]);
  expect(await looked(archiving.url)).toEqual(["wal_level = replica"]);
});

test("a keyring in the library's own database, or on its server, is refused and nothing is written there", async () => {
  const library = await testDatabase();
  const beside = await emptyDatabase();
  const prepare = (url: string) =>
    prepareKeyringDatabase(library.url, { DATA_DIR: root, KEYRING_DATABASE_URL: url });
  // The same database by another address: the names of the two differ.
  expect(await prepare(`${library.url}&application_name=other`)).toBe("same-database");
  expect(await prepare(beside)).toBe("same-server");
  for (const url of [library.url, beside]) {
    const { pool, close } = openDatabase(url, 1);
    expect((await pool.query("select to_regclass('commonplace_keyring') as found")).rows).toEqual([
      { found: null },
    ]);
    await close();
  }
  expect(await prepare(own.url)).toBe("separate");
  expect(await separationOf(own.url, library.url)).toBe("separate");
});
