import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { takeAllowance } from "@/db/allowances";
import { tieLastBorrower } from "@/db/demo-library";
import { insertDemoSample } from "@/db/demo-library-sample";
import { setMarks } from "@/db/loan-marks";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import type { Custody } from "@/lib/custody/custody";
import { fillSmallVault, makeSmallVault, type SmallVault } from "@/lib/custody/fixtures/small-vault";
import { openKeyring } from "@/lib/custody/keyring";
import { fileKeyring, keyringPath, readKeyring } from "@/lib/custody/keyring-file";
import { deleteVault } from "@/lib/custody/vault-deletion";
import { readVault } from "@/lib/custody/vault-store";
import { makeLog } from "@/lib/log";
import { sweep } from "./sweep";
import { scheduleSweeps, sweepAndTell } from "./sweep-schedule";

const firstDay = "2026-03-01";
const secondDay = "2026-03-02";
const card = "23529000000001";

let database: TestDatabase;
let path: string;
let custody: Custody;
let vault: SmallVault;

beforeEach(async () => {
  database = await testDatabase();
  path = keyringPath(mkdtempSync(join(tmpdir(), "sweep-")));
  custody = { db: database.db, keyring: await openKeyring(fileKeyring(path), firstDay) };
  vault = await makeSmallVault(custody, card);
});

const sweepOn = (today: string) =>
  sweep({
    databaseUrl: database.url,
    keyring: fileKeyring(path),
    today,
    mayCompact: true,
    unopenedVaultMonths: 0,
    now: new Date(`${today}T15:00:00Z`),
  });
const count = async (table: string) => (await database.pool.query(`select from ${table}`)).rowCount;

test("last borrowers, marks and attempt counts go on their day and not before", async () => {
  await insertDemoSample(database.db, {
    patrons: [{ card, name: "Demo patron", pinHash: "-" }],
    loans: [],
    holds: [],
  });
  await tieLastBorrower(database.db, "b1", card, secondDay);
  await tieLastBorrower(database.db, "b2", card, "2026-03-03");
  const mark = (first: number, until: string) => ({
    hash: new Uint8Array(32).fill(first),
    vaultId: vault.vaultId,
    checkoutSeen: true,
    until,
  });
  await setMarks(database.db, [mark(1, secondDay), mark(2, "2026-04-01")]);
  const rate = { capacity: 1, perHour: 1 };
  await takeAllowance(database.db, new Uint8Array(32), rate, new Date(`${secondDay}T13:30:00Z`));
  await takeAllowance(database.db, new Uint8Array(32).fill(1), rate, new Date(`${secondDay}T14:30:00Z`));

  const nothing = {
    lastBorrowers: 0,
    marks: 0,
    allowances: 0,
    unopened: null,
    rotation: null,
    compaction: {},
  };
  expect(await sweepOn(firstDay)).toEqual({ ok: true, ...nothing });
  expect(await sweepOn(secondDay)).toMatchObject({ lastBorrowers: 1, marks: 1, allowances: 1 });
  expect([await count("demo_last_borrowers"), await count("loan_marks"), await count("allowances")]).toEqual([
    1, 1, 1,
  ]);
});

test("the first sweep of a day replaces the master and writes the tables anew; the second does neither", async () => {
  await fillSmallVault(custody, card, vault, 2);
  await makeSmallVault(custody, "leaves");
  await deleteVault(custody, "leaves", firstDay);
  const outcome = await sweepOn(secondDay);
  expect(outcome).toMatchObject({ rotation: { ok: true, generation: 2, destroyed: 1 } });
  expect(outcome.ok && outcome.compaction).toEqual({
    vaults: "done",
    vault_keys: "done",
    vault_slots: "done",
    vault_inbox: "done",
    loan_marks: "done",
    vault_chapters: "done",
    vault_openings: "done",
    demo_loans: "done",
    demo_last_borrowers: "done",
    demo_holds: "done",
    allowances: "done",
  });
  expect((await readVault(custody, card))?.chapters).toHaveLength(1);
  expect(await sweepOn(secondDay)).toMatchObject({ rotation: null, compaction: {} });
}, 30_000);

test("a table in use is skipped, the others are not", async () => {
  const client = await database.pool.connect();
  await client.query("begin");
  await client.query("lock table vault_inbox in row share mode");
  const outcome = await sweepOn(secondDay);
  expect(outcome.ok && outcome.compaction).toMatchObject({ vault_inbox: "busy", vault_chapters: "done" });
  await client.query("rollback");
  client.release();
}, 30_000);

test("of several processes that sweep at once, one does", async () => {
  const outcomes = await Promise.all([1, 2, 3].map(() => sweepOn(secondDay)));
  expect(outcomes.filter((outcome) => outcome.ok && outcome.rotation?.ok)).toHaveLength(1);
  expect(readKeyring(path)).toMatchObject({ current: 2, masters: [{ generation: 2 }] });
}, 30_000);

test("a keyring that cannot be used is told, and the rest is swept", async () => {
  writeFileSync(path, "{}");
  await setMarks(database.db, [
    { hash: new Uint8Array(32), vaultId: vault.vaultId, checkoutSeen: true, until: firstDay },
  ]);
  expect(await sweepOn(secondDay)).toEqual({
    ok: true,
    lastBorrowers: 0,
    marks: 1,
    allowances: 0,
    unopened: null,
    rotation: { ok: false, why: "keyring-unreadable" },
    compaction: {},
  });
});

test("a keyring that is missing beside vaults is told, and none is made", async () => {
  path = keyringPath(mkdtempSync(join(tmpdir(), "sweep-")));
  expect(await sweepOn(secondDay)).toMatchObject({ rotation: { ok: false, why: "keyring-missing" } });
  expect(readKeyring(path)).toBeNull();
});

test("the log gets counts, and a sweep that fails throws nothing and says no text", async () => {
  const lines: string[] = [];
  const log = makeLog("info", { write: (line) => void lines.push(line) });
  await sweepAndTell({ log, sweep: () => sweepOn(secondDay) });
  await sweepAndTell({ log, sweep: () => Promise.reject(new Error("card 23529000000001")) });
  const told = lines.map((line) => JSON.parse(line)).map(({ event, step, count }) => [event, step, count]);
  expect(told).toEqual([
    ["swept", "master-rewrapped", 2],
    ["swept", "masters-destroyed", 1],
    ["swept", "tables-compacted", 11],
    ["sweep-failed", undefined, undefined],
  ]);
  expect(lines.join()).not.toContain(card);
}, 30_000);

test("the schedule sweeps after a minute and then hourly, also after a failure, one at a time", async () => {
  vi.useFakeTimers();
  try {
    let begun = 0;
    let end = () => {};
    const stop = scheduleSweeps({
      log: makeLog("silent"),
      sweep: () => {
        begun += 1;
        if (begun === 1) return Promise.reject(new Error("once"));
        return new Promise((resolve) => {
          end = () => resolve({ ok: false, why: "another-sweeps" });
        });
      },
    });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(begun).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(begun).toBe(1);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(begun).toBe(2);
    await vi.advanceTimersByTimeAsync(10_000_000);
    expect(begun).toBe(2);
    end();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(begun).toBe(3);
    stop();
    end();
    await vi.advanceTimersByTimeAsync(10_000_000);
    expect(begun).toBe(3);
  } finally {
    vi.useRealTimers();
  }
});
