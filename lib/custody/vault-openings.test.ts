import { beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { clearOpenings } from "@/db/vault-openings";
import type { Custody } from "./custody";
import { makeSmallVault } from "./fixtures/small-vault";
import { memoryKeyring } from "./keyring";
import { letGoOfUnopened, noteOpening, readLastOpening } from "./vault-openings";
import { readVault } from "./vault-store";

let database: TestDatabase;
let custody: Custody;
const months = 24;

beforeEach(async () => {
  database = await testDatabase();
  custody = { db: database.db, keyring: memoryKeyring() };
  for (const patron of ["reader", "absent"]) await makeSmallVault(custody, patron);
});

const sweepOn = (today: string) => letGoOfUnopened(custody, { months, today });
const bodies = async () => {
  const { rows } = await database.pool.query<{ vault_id: string; body: Buffer }>(
    "select * from vault_openings order by vault_id",
  );
  return rows;
};

test("over two years: who opens keeps the history, who does not is told on 90 days and then it is gone with every row", async () => {
  expect(await sweepOn("2026-11-23")).toEqual({ warned: 0, deleted: 0 });
  await noteOpening(custody, "reader", "2027-05-09");
  expect(await readLastOpening(custody, "reader", months)).toEqual({ month: "2027-05", deletionDay: null });
  expect(await sweepOn("2028-09-01")).toEqual({ warned: 0, deleted: 0 });
  expect(await sweepOn("2028-09-02")).toEqual({ warned: 1, deleted: 0 });
  expect(await readLastOpening(custody, "absent", months)).toEqual({
    month: "2026-11",
    deletionDay: "2028-12-01",
  });
  expect(await sweepOn("2028-11-30")).toEqual({ warned: 0, deleted: 0 });
  expect(await sweepOn("2028-12-01")).toEqual({ warned: 0, deleted: 1 });
  expect(await readVault(custody, "absent")).toBeNull();
  expect(await readVault(custody, "reader")).not.toBeNull();
  for (const table of ["vaults", "vault_openings"]) {
    expect((await database.pool.query(`select from ${table}`)).rowCount).toBe(1);
  }
  const { rowCount } = await database.pool.query("select distinct vault_id from vault_keys");
  expect(rowCount).toBe(1);
});

test("an opening in the days of the notice takes it back", async () => {
  await sweepOn("2026-11-23");
  await sweepOn("2028-09-02");
  await noteOpening(custody, "absent", "2028-11-30");
  expect(await readLastOpening(custody, "absent", months)).toEqual({ month: "2028-11", deletionDay: null });
  expect(await sweepOn("2028-12-01")).toMatchObject({ deleted: 1 });
  expect(await readVault(custody, "absent")).not.toBeNull();
});

test("what is stored tells nothing: sealed, equally long, written once a month at most, and gone when the library stops", async () => {
  await noteOpening(custody, "reader", "2026-11-02");
  const [first] = await bodies();
  await noteOpening(custody, "reader", "2026-11-29");
  expect(await bodies()).toEqual([first]);
  await noteOpening(custody, "reader", "2026-12-01");
  await sweepOn("2028-11-20");
  const all = await bodies();
  expect(new Set(all.map(({ body }) => body.length)).size).toBe(1);
  expect(Buffer.concat(all.map(({ body }) => body)).toString("latin1")).not.toMatch(/20\d\d-\d\d/);
  expect(await clearOpenings(database.db)).toBe(true);
  expect(await bodies()).toEqual([]);
  expect(await clearOpenings(database.db)).toBe(false);
});

test("a row moved from another vault, or damaged, deletes nothing: the time begins anew", async () => {
  await sweepOn("2026-11-23");
  await database.pool.query("update vault_openings set body = set_byte(body, 60, get_byte(body, 60) # 1)");
  expect(await sweepOn("2030-01-01")).toEqual({ warned: 0, deleted: 0 });
  await sweepOn("2026-11-23");
  const [one, other] = await bodies();
  await database.pool.query("update vault_openings set body = $1 where vault_id = $2", [
    one?.body,
    other?.vault_id,
  ]);
  expect(await sweepOn("2030-01-02")).toEqual({ warned: 0, deleted: 0 });
});

test("a vault whose master is gone is left alone, and a patron without a vault is not asked about", async () => {
  await sweepOn("2026-11-23");
  await database.pool.query("update vault_keys set generation = 9");
  expect(await sweepOn("2030-01-01")).toEqual({ warned: 0, deleted: 0 });
  expect(await readLastOpening(custody, "absent", months)).toBeNull();
  expect(await readLastOpening(custody, "nobody", months)).toBeNull();
  await noteOpening(custody, "nobody", "2026-11-23");
  expect((await bodies()).length).toBe(2);
});
