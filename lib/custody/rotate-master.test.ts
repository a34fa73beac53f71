import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { generationsInUse, readKey } from "@/db/vault-keys";
import type { Custody } from "./custody";
import { fillSmallVault, makeSmallVault } from "./fixtures/small-vault";
import { openInboxes } from "./inbox";
import { type Keyring, openKeyring } from "./keyring";
import { newMaster } from "./keyring-contents";
import { fileKeyring, keyringPath, readKeyring, readOrMakeKeyring, replaceKeyring } from "./keyring-file";
import { type RotationStep, rotateMaster } from "./rotate-master";
import { deleteVault } from "./vault-deletion";
import { readVault } from "./vault-store";

const firstDay = "2026-03-01";
const secondDay = "2026-03-02";
const patrons = ["a", "b", "c", "d"];

let database: TestDatabase;
let path: string;
let custody: Custody;

beforeEach(async () => {
  database = await testDatabase();
  path = keyringPath(mkdtempSync(join(tmpdir(), "rotation-")));
  custody = { db: database.db, keyring: await openKeyring(fileKeyring(path), firstDay) };
  for (const patron of patrons) await makeSmallVault(custody, patron);
});

const noPause = async () => {};
const rotate = (today: string, afterStep: (step: RotationStep) => Promise<void> = noPause) =>
  rotateMaster({ db: database.db, keyring: fileKeyring(path), today, keysPerBatch: 2, afterStep });
const generations = () => readKeyring(path)?.masters.map(({ generation }) => generation);

/** Until `work` is done, or waits for an advisory lock. */
async function untilItWaits(work: Promise<unknown>) {
  let done = false;
  const end = work.finally(() => {
    done = true;
  });
  const waiting =
    "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())";
  while (!done && (await database.pool.query(waiting)).rowCount === 0) {
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
}

/** Cuts a rotation off after so many of its steps of one kind. */
function cutAfter(step: RotationStep, times: number) {
  let left = times;
  return async (done: RotationStep) => {
    if (done === step && --left === 0) throw new Error("cut off");
  };
}

async function expectAllToOpen(opened?: Keyring) {
  const keyring = opened ?? (await openKeyring(fileKeyring(path), firstDay));
  for (const patron of patrons) {
    expect((await readVault({ db: database.db, keyring }, patron))?.slots).toHaveLength(2);
  }
}

test("a rotation wraps every key under the next master and destroys the old one", async () => {
  const old = readKeyring(path)?.masters[0]?.keyB64 ?? "";
  expect(await rotate(secondDay)).toEqual({
    ok: true,
    generation: 2,
    begun: true,
    rewrapped: 8,
    destroyed: 1,
    kept: [],
    refused: 0,
    unreadableVaults: 0,
  });
  expect(await generationsInUse(database.db)).toEqual([2]);
  expect(readKeyring(path)).toMatchObject({ current: 2, masters: [{ generation: 2, since: secondDay }] });
  const folder = dirname(path);
  expect(readdirSync(folder)).toEqual(["keyring.json"]);
  expect(readFileSync(path, "utf8")).not.toContain(old);
  await expectAllToOpen();
  await expectAllToOpen(custody.keyring);
});

test("a master of today stays, and of two runs on a later day the second finds nothing to do", async () => {
  expect(await rotate(firstDay)).toMatchObject({ begun: false, rewrapped: 0, destroyed: 0 });
  await rotate(secondDay);
  expect(await rotate(secondDay)).toMatchObject({ generation: 2, begun: false, destroyed: 0 });
});

test.each<[RotationStep, number, number[]]>([
  ["announced", 1, [1]],
  ["batch", 2, [1, 2]],
  ["rewrapped", 1, [2]],
])("cut off after %s (%i), everything opens, and the next run finishes it", async (step, times, inUse) => {
  await expect(rotate(secondDay, cutAfter(step, times))).rejects.toThrow("cut off");
  expect(generations()).toEqual([1, 2]);
  expect(await generationsInUse(database.db)).toEqual(inUse);
  await expectAllToOpen();
  await expectAllToOpen(custody.keyring);
  await makeSmallVault(custody, "e");
  expect(await rotate(secondDay)).toMatchObject({ generation: 2, begun: false, destroyed: 1, kept: [] });
  expect(generations()).toEqual([2]);
  expect(await generationsInUse(database.db)).toEqual([2]);
  await expectAllToOpen();
});

test("one that is cut off every day still ends with the last master alone", async () => {
  for (const day of ["2026-03-02", "2026-03-03", "2026-03-04"]) {
    await expect(rotate(day, cutAfter("batch", 1))).rejects.toThrow("cut off");
  }
  expect(generations()).toEqual([1, 2, 3, 4]);
  await expectAllToOpen();
  expect(await rotate("2026-03-04")).toMatchObject({ generation: 4, destroyed: 3 });
  expect(generations()).toEqual([4]);
  await expectAllToOpen();
});

test("vaults made while the master changes all open afterwards", async () => {
  const makers = Array.from({ length: 20 }, (_, index) => `during ${index}`);
  const creations: Promise<unknown>[] = [];
  const create = async () => {
    // Two at each step, the first of them while creation is barred.
    for (const patron of makers.splice(0, 2)) creations.push(makeSmallVault(custody, patron));
  };
  creations.push(...makers.splice(0, 8).map((patron) => makeSmallVault(custody, patron)));
  const outcome = await rotate(secondDay, create);
  await Promise.all([...creations, ...makers.map((patron) => makeSmallVault(custody, patron))]);
  expect(outcome).toMatchObject({ ok: true, generation: 2, kept: [] });
  expect(generations()).toEqual([2]);
  expect(await generationsInUse(database.db)).toEqual([2]);
  for (let index = 0; index < 20; index++) {
    const keyring = await openKeyring(fileKeyring(path), firstDay);
    expect(await readVault({ db: database.db, keyring }, `during ${index}`)).not.toBeNull();
  }
});

test("a creation that has begun holds the change back until it is stored", async () => {
  const client = await database.pool.connect();
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock_shared(7266802)");
  const rotation = rotate(secondDay);
  await untilItWaits(rotation);
  expect(generations()).toEqual([1]);
  await client.query("commit");
  client.release();
  expect(await rotation).toMatchObject({ generation: 2 });
});

test("a creation that comes while the master changes waits, and takes the new one", async () => {
  const client = await database.pool.connect();
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock(7266802)");
  const creation = makeSmallVault(custody, "late");
  await untilItWaits(creation);
  const file = readOrMakeKeyring(path, firstDay);
  replaceKeyring(path, { ...file, current: 2, masters: [...file.masters, newMaster(2, secondDay)] });
  await client.query("commit");
  client.release();
  const { vaultId } = await creation;
  expect(await readKey(database.db, vaultId, "shred")).toMatchObject({ generation: 2 });
});

test("of two processes that rotate at once, one does", async () => {
  const outcomes = await Promise.all([rotate(secondDay), rotate(secondDay)]);
  expect(outcomes.filter((outcome) => outcome.ok && outcome.begun)).toHaveLength(1);
  expect(generations()).toEqual([2]);
});

test("a vault deleted during a rotation is passed over", async () => {
  const outcome = await rotate(secondDay, async (step) => {
    if (step === "announced") await deleteVault(custody, "b", secondDay);
  });
  expect(outcome).toMatchObject({ ok: true, rewrapped: 6, destroyed: 1 });
});

test("a keyring older than the database changes nothing", async () => {
  const own = readOrMakeKeyring(path, firstDay);
  await rotate(secondDay);
  replaceKeyring(path, own);
  await expect(rotate("2026-03-03")).rejects.toMatchObject({ code: "keyring-older" });
  expect(readKeyring(path)).toEqual(own);
});

test("a keyring of another library changes nothing, even if its generations have the same numbers", async () => {
  const other = keyringPath(mkdtempSync(join(tmpdir(), "rotation-")));
  const theirs = readOrMakeKeyring(other, firstDay);
  writeFileSync(path, JSON.stringify(theirs));
  await expect(rotate(secondDay)).rejects.toMatchObject({ code: "keyring-of-another-database" });
  expect(readKeyring(path)).toEqual(theirs);
  expect(await generationsInUse(database.db)).toEqual([1]);
});

test("without a keyring nothing is made: rows that need one are told of, an empty database is fine", async () => {
  path = join(mkdtempSync(join(tmpdir(), "rotation-")), "keyring.json");
  await expect(rotate(secondDay)).rejects.toMatchObject({ code: "keyring-missing" });
  for (const patron of patrons) await deleteVault(custody, patron, firstDay);
  expect(await rotate(secondDay)).toEqual({ ok: false, why: "no-keyring" });
  expect(readKeyring(path)).toBeNull();
});

test("a damaged key keeps its master and nobody else's", async () => {
  await database.pool.query(
    "update vault_keys set wrapped = set_byte(wrapped, 50, get_byte(wrapped, 50) # 1) where ctid = (select min(ctid) from vault_keys)",
  );
  expect(await rotate(secondDay)).toMatchObject({ ok: true, rewrapped: 7, refused: 1, kept: [1] });
  expect(await rotate("2026-03-03")).toMatchObject({ ok: true, rewrapped: 7, destroyed: 1, kept: [1] });
  expect(generations()).toEqual([1, 3]);
});

/** A restored row of "a": wrapped under a master that has been destroyed since. */
async function restoreOldRow() {
  const { rows } = await database.pool.query(
    "select * from vault_keys where key_id = 'shred' order by vault_id limit 1",
  );
  await rotate(secondDay);
  const [{ vault_id, generation, wrapped }] = rows;
  await database.pool.query(
    "update vault_keys set generation = $2, wrapped = $3 where vault_id = $1 and key_id = 'shred'",
    [vault_id, generation, wrapped],
  );
}

test("a row whose master is destroyed stops nobody's rotation: the rest goes on, and it is counted", async () => {
  await restoreOldRow();
  expect(await rotate("2026-03-03")).toMatchObject({
    ok: true,
    rewrapped: 7,
    refused: 1,
    destroyed: 1,
    kept: [],
    unreadableVaults: 1,
  });
  expect(generations()).toEqual([3]);
  expect(await generationsInUse(database.db)).toEqual([1, 3]);
});

test("a row under a later master than the keyring's stops it: the keyring is an old copy, even if some rows still open", async () => {
  const copy = readOrMakeKeyring(path, firstDay);
  await database.pool.query(
    "update vault_keys set generation = 7 where ctid = (select min(ctid) from vault_keys)",
  );
  await expect(rotate(secondDay)).rejects.toMatchObject({ code: "keyring-older" });
  expect(readKeyring(path)).toEqual(copy);
});

test("progress is told after each batch", async () => {
  const told: number[][] = [];
  await rotateMaster({
    db: database.db,
    keyring: fileKeyring(path),
    today: secondDay,
    keysPerBatch: 3,
    afterStep: noPause,
    onProgress: (done, total) => told.push([done, total]),
  });
  expect(told).toEqual([
    [3, 8],
    [6, 8],
    [8, 8],
  ]);
});

test("a leader that was cut off from the database and goes on late does not undo what the next one did", async () => {
  const late = rotate(secondDay, async (step) => {
    if (step !== "rewrapped") return;
    const file = readOrMakeKeyring(path, firstDay);
    replaceKeyring(path, { ...file, current: 3, masters: [...file.masters, newMaster(3, "2026-03-03")] });
  });
  await expect(late).rejects.toMatchObject({ code: "keyring-changed" });
  expect(generations()).toEqual([1, 2, 3]);
  expect(await rotate("2026-03-03")).toMatchObject({ generation: 3, destroyed: 2 });
  await expectAllToOpen();
});

test("a draft that a crash left beside the keyring does not outlive the next rotation", async () => {
  const draft = join(dirname(path), ".keyring-0011223344556677");
  writeFileSync(draft, readFileSync(path));
  await rotate(secondDay);
  expect(readdirSync(dirname(path))).toEqual(["keyring.json"]);
});

test("chapters are untouched by a rotation and open after it", async () => {
  const vault = await makeSmallVault(custody, "reader");
  await fillSmallVault(custody, "reader", vault, 2);
  const before = await readVault(custody, "reader");
  await rotate(secondDay);
  expect((await readVault(custody, "reader"))?.chapters).toEqual(before?.chapters);
});

test("an intake that read a vault's key before a rotation, and stalled until its master was gone, reads it once more", async () => {
  const { vaultId } = await makeSmallVault(custody, "reader");
  let rotated = false;
  const stalled: Keyring = {
    ...custody.keyring,
    async master(generation) {
      if (!rotated) {
        rotated = true;
        await rotate(secondDay);
        custody.keyring = await openKeyring(fileKeyring(path), secondDay);
      }
      return custody.keyring.master(generation);
    },
  };
  const inboxes = await database.db.transaction((tx) => openInboxes(tx, stalled, [vaultId]));
  expect(rotated).toBe(true);
  expect(inboxes.map((inbox) => inbox.vaultId)).toEqual([vaultId]);
});
