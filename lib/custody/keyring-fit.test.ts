import { beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import type { Misfit } from "./custody-fault";
import { makeSmallVault } from "./fixtures/small-vault";
import { keyringOf } from "./keyring";
import { type KeyringContents, newKeyring, newMaster } from "./keyring-contents";
import { examineFit, type KeyringFit } from "./keyring-fit";
import { adviseOnMisfit } from "./misfit-advice";

const today = "2026-11-23";
let database: TestDatabase;
let own: KeyringContents;

/** A database with two vaults under generation 5 of `own`. */
beforeEach(async () => {
  database = await testDatabase();
  own = { ...newKeyring(today), current: 5, masters: [newMaster(5, "2026-11-20")] };
  const keyring = keyringOf(own);
  for (const patron of ["a", "b"]) await makeSmallVault({ db: database.db, keyring }, patron);
});

const examine = (contents: KeyringContents | null) => examineFit(database.db, contents);
const misfit = (why: Misfit): KeyringFit => ({ ok: false, why, needed: [5] });

async function advice(contents: KeyringContents | null): Promise<string> {
  const found = await examine(contents);
  return found.ok ? "" : adviseOnMisfit(found, contents);
}

test("any keyring, or none, fits a database without vaults", async () => {
  await database.pool.query("delete from vaults");
  expect(await examine(newKeyring(today))).toEqual({ ok: true, unreadableVaults: 0 });
  expect(await examine(null)).toEqual({ ok: true, unreadableVaults: 0 });
});

test("a keyring fits its own database, also while a rotation is on its way", async () => {
  expect(await examine(own)).toEqual({ ok: true, unreadableVaults: 0 });
  const rotating = { ...own, current: 6, masters: [...own.masters, newMaster(6, today)] };
  expect(await examine(rotating)).toEqual({ ok: true, unreadableVaults: 0 });
});

test("no keyring beside vaults: the advice names the generation that the copy must hold", async () => {
  expect(await examine(null)).toEqual(misfit("keyring-missing"));
  expect(await advice(null)).toMatch(/generation 5, and there is no keyring.*must hold generation 5\./);
});

test("a keyring older than the database: the advice says how new a copy must be, or which backup fits this one", async () => {
  const older = { ...own, current: 3, masters: [newMaster(3, "2026-11-10")] };
  expect(await examine(older)).toEqual(misfit("keyring-older"));
  const text = await advice(older);
  expect(text).toContain("it holds generation 3 (made on 2026-11-10)");
  expect(text).toContain("one that holds generation 5 (made on 2026-11-12 or later)");
  expect(text).toContain("taken on 2026-11-10 or later, while generation 3 was current");
});

test("a database older than its keyring: the advice says since when, and that it is by design", async () => {
  const newer = { ...own, current: 9, masters: [newMaster(9, "2026-11-24")] };
  expect(await examine(newer)).toEqual(misfit("database-older"));
  const text = await advice(newer);
  expect(text).toContain("Generation 5 was replaced on 2026-11-21 or earlier, and destroyed");
  expect(text).toContain("vault_keys");
  expect(text).toContain("taken on 2026-11-24 or later, while generation 9 was current");
  expect(text).toContain("by design");
});

test("a keyring of another library with the same numbers is told from an older one", async () => {
  const other = { ...newKeyring(today), current: 5, masters: [newMaster(5, today)] };
  expect(await examine(other)).toEqual(misfit("keyring-of-another-database"));
  expect(await advice(other)).toContain("it opens not one key");
});

test("a vault under a destroyed master is counted, and the library is served", async () => {
  await database.pool.query(
    "update vault_keys set generation = 4 where vault_id = (select id from vaults order by id limit 1)",
  );
  expect(await examine(own)).toEqual({ ok: true, unreadableVaults: 1 });
});

test("one key under a later master is enough to see that the keyring is an old copy", async () => {
  await database.pool.query(
    "update vault_keys set generation = 6 where vault_id = (select id from vaults order by id limit 1)",
  );
  expect(await examine(own)).toMatchObject({ ok: false, why: "keyring-older", needed: [5, 6] });
});

test("no advice quotes a key", async () => {
  for (const contents of [null, own, { ...own, current: 3 }, newKeyring(today)]) {
    for (const { keyB64 } of contents?.masters ?? []) expect(await advice(contents)).not.toContain(keyB64);
  }
});
