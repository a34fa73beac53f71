import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { makeSmallVault } from "./fixtures/small-vault";
import { openKeyring } from "./keyring";
import { fileKeyring, keyringPath } from "./keyring-file";
import { rotateMaster } from "./rotate-master";
import { deleteVault } from "./vault-deletion";
import { readVault } from "./vault-store";

const dumped = ["vaults", "vault_keys", "vault_slots", "vault_chapters", "vault_inbox"];

/** A table's rows as JSON, which PostgreSQL reads back to the same rows. */
async function dump({ pool }: TestDatabase, table: string): Promise<string> {
  const { rows } = await pool.query(`select coalesce(json_agg(t), '[]')::text as rows from ${table} t`);
  return rows[0].rows;
}

async function load({ pool }: TestDatabase, table: string, rows: string, of = table): Promise<void> {
  await pool.query(`insert into ${table} select * from json_populate_recordset(null::${of}, $1)`, [rows]);
}

/** The statements of docs/OPERATIONS.md, "Restoring", as they stand there. */
function restoringSql(): string[] {
  const page = readFileSync("docs/OPERATIONS.md", "utf8");
  const section = page.slice(page.indexOf("### Restoring"));
  const block = /```sql\n([\s\S]*?)```/.exec(section)?.[1] ?? "";
  return block
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

test("the written steps bring an old dump back under the last keys, without the histories deleted since", async () => {
  const library = await testDatabase();
  const store = fileKeyring(keyringPath(mkdtempSync(join(tmpdir(), "restoring-"))));
  const custody = { db: library.db, keyring: await openKeyring(store, "2026-03-01") };
  for (const patron of ["stays", "leaves"]) await makeSmallVault(custody, patron);
  const dumps = await Promise.all(dumped.map(async (table) => ({ table, rows: await dump(library, table) })));

  await deleteVault(custody, "leaves", "2026-03-01");
  const rotate = (db: typeof library.db, today: string) =>
    rotateMaster({ db, keyring: store, today, afterStep: async () => {} });
  expect(await rotate(library.db, "2026-03-02")).toMatchObject({ ok: true, destroyed: 1 });
  await makeSmallVault(custody, "came later");
  const lastKeys = await dump(library, "vault_keys");

  const restored = await testDatabase();
  for (const { table, rows } of dumps) await load(restored, table, rows);
  const brought = { db: restored.db, keyring: await openKeyring(store, "2026-03-02") };
  await expect(readVault(brought, "stays")).rejects.toMatchObject({ code: "no-master" });
  const statements = restoringSql();
  expect(statements.length).toBeGreaterThan(3);
  const client = await restored.pool.connect();
  try {
    for (const statement of statements) {
      if (!statement.startsWith("\\copy")) await client.query(statement);
      else
        await client.query(
          "insert into last_keys select * from json_populate_recordset(null::vault_keys, $1)",
          [lastKeys],
        );
    }
  } finally {
    client.release();
  }

  expect((await readVault(brought, "stays"))?.slots).toHaveLength(2);
  expect(await readVault(brought, "leaves")).toBeNull();
  expect(await readVault(brought, "came later")).toBeNull();
  expect(await rotate(restored.db, "2026-03-03")).toMatchObject({
    ok: true,
    destroyed: 1,
    unreadableVaults: 0,
  });
  expect((await readVault(brought, "stays"))?.slots).toHaveLength(2);
});
