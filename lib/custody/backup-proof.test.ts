import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenDatabase, openDatabase } from "@/db/connection";
import { migrateDatabase } from "@/db/migrate";
import { makeIntake } from "@/lib/circulation/intake/intake";
import type { LoanEvent } from "@/lib/circulation/intake/loan-event";
import { sealPoolFromSource } from "@/lib/circulation/intake/source-thread";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import type { PasskeyAnswer, VaultSession } from "@/lib/vault/unlocked-history";
import { type EmbeddedPostgres, ensurePostgres } from "@/scripts/embedded-postgres";
import { directVaultServer } from "./direct-vault-server";
import { openKeyring } from "./keyring";
import { fileKeyring, keyringPath } from "./keyring-file";
import { rotateMaster } from "./rotate-master";
import { deleteVault } from "./vault-deletion";

const firstDay = "2026-03-01";
const secondDay = "2026-03-02";
const passphrase = "correct horse battery staple";
const leaver = "patron who deletes";
const stayer = "patron who stays";
const starter = "patron who starts afresh";
const newPassphrase = "entirely different set of words";

/** One library: its folder, its PostgreSQL, and the way in while that is up. */
interface Site {
  dataDir: string;
  postgres: EmbeddedPostgres;
  database: OpenDatabase;
}

const root = mkdtempSync(join(tmpdir(), "commonplace-proof-"));
const up = new Set<Site>();
const codes = new Map<string, string>();
const passkeys = new Map<string, PasskeyAnswer>();
const library = join(root, "library");
const oldKeyring = join(root, "keyring-before.json");
let site: Site;

beforeAll(async () => {
  chmodSync(root, 0o711);
  site = await open(library);
  await migrateDatabase(site.postgres.url);
  for (const patron of [leaver, stayer, starter]) await beginHistory(patron);
  await site.database.pool.query("checkpoint");
  await close(site);
  copyFileSync(keyringPath(library), oldKeyring);
  copyData(library, join(root, "backup"));
  site = await open(library);
  expect(await deleteVault(await custodyOf(site), leaver, firstDay)).toMatchObject({ ok: true });
  await beginAfresh(starter);
  expect(
    await rotateMaster({
      db: site.database.db,
      keyring: fileKeyring(keyringPath(library)),
      today: secondDay,
      afterStep: async () => {},
    }),
  ).toMatchObject({ ok: true, destroyed: 1 });
}, 120_000);

afterAll(async () => {
  for (const each of up) await close(each);
  rmSync(root, { recursive: true, force: true });
});

async function open(dataDir: string): Promise<Site> {
  const postgres = await ensurePostgres({ dataDir });
  const opened = { dataDir, postgres, database: openDatabase(postgres.url) };
  up.add(opened);
  return opened;
}

async function close(opened: Site) {
  up.delete(opened);
  await opened.database.close();
  await opened.postgres.stop();
}

/** A copy of the stopped server's files, as a file backup takes them. */
function copyData(from: string, to: string) {
  mkdirSync(to, { mode: 0o711 });
  const copied = spawnSync("cp", ["-a", join(from, "postgres"), join(to, "postgres")]);
  expect(copied.status).toBe(0);
}

/** The backup, restored into a folder of its own beside a copy of one keyring. */
async function restore(name: string, keyring: string): Promise<Site> {
  const dataDir = join(root, name);
  copyData(join(root, "backup"), dataDir);
  copyFileSync(keyring, keyringPath(dataDir));
  return open(dataDir);
}

async function custodyOf({ database, dataDir }: Site) {
  return { db: database.db, keyring: await openKeyring(fileKeyring(keyringPath(dataDir)), firstDay) };
}

async function sessionOf(at: Site, patron: string) {
  const server = directVaultServer(await custodyOf(at), patron);
  return openVaultSession({ server, random: secureRandom, today: () => firstDay });
}

/** Sets a vault up in the patron's browser, borrows, opens it, borrows again: entries in a chapter and in the inbox. */
async function beginHistory(patron: string) {
  const session = await sessionOf(site, patron);
  const prepared = await session.prepareSetUp({ passphrase });
  if (!prepared.ok) throw new Error(prepared.why);
  codes.set(patron, prepared.recoveryCode);
  expect(await session.finishSetUp()).toMatchObject({ ok: true });
  await addPasskey(session, patron);
  const { db, keyring } = await custodyOf(site);
  const pool = sealPoolFromSource(keyring.intakeSecretKey);
  try {
    const intake = makeIntake({ db, keyring, pool });
    await intake.take([checkout(patron, 1), checkout(patron, 2)]);
    expect(await session.refresh()).toMatchObject({ ok: true, overview: { total: 2 } });
    await intake.take([checkout(patron, 3)]);
  } finally {
    await pool.close();
  }
}

const newCodes = new Map<string, string>();

async function beginAfresh(patron: string) {
  const session = await sessionOf(site, patron);
  const present = { kind: "recovery" as const, secret: codes.get(patron) ?? "" };
  expect(await session.unlock(present)).toMatchObject({ ok: true });
  const prepared = await session.prepareAfresh({ present, passphrase: newPassphrase });
  if (!prepared.ok) throw new Error(prepared.why);
  newCodes.set(patron, prepared.recoveryCode);
  expect(await session.finishAfresh()).toMatchObject({ ok: true, overview: { total: 3 } });
}

async function addPasskey(session: VaultSession, patron: string) {
  const present = { kind: "passphrase" as const, secret: passphrase };
  expect(await session.prepareKeyChange({ kind: "passkey", present, name: "Phone" })).toMatchObject({
    ok: true,
  });
  const answer = { credentialId: secureRandom(16), first: secureRandom(32), second: secureRandom(32) };
  passkeys.set(patron, structuredClone(answer));
  await session.answerPasskey({ ...answer, host: "localhost" });
  expect(await session.finishKeyChange()).toMatchObject({ ok: true });
}

function passkeyOf(patron: string): PasskeyAnswer {
  const answer = passkeys.get(patron);
  if (!answer) throw new Error("no passkey");
  return structuredClone(answer);
}

function checkout(patron: string, number: number): LoanEvent {
  return {
    type: "checkout",
    loan: `${patron} ${number}`,
    patron,
    day: firstDay,
    record: { title: `Title ${number}` },
  };
}

const ways = (patron: string) => [
  { kind: "passphrase" as const, secret: passphrase },
  { kind: "recovery" as const, secret: codes.get(patron) ?? "" },
  { kind: "passkey" as const, ...passkeyOf(patron) },
];

async function expectToOpen(at: Site, patron: string) {
  for (const way of ways(patron)) {
    const session = await sessionOf(at, patron);
    expect(await session.unlock(way)).toMatchObject({ ok: true, overview: { total: 3 } });
    const titles = session.page(0, 9).rows.map(({ title }) => title);
    expect(titles.sort()).toEqual(["Title 1", "Title 2", "Title 3"]);
  }
}

/** As a restore that keeps the one table of wrapped keys as it is today. */
async function takeKeysOfToday(restored: Site) {
  const { rows } = await site.database.pool.query(
    "select vault_id, key_id, generation, wrapped from vault_keys",
  );
  await restored.database.pool.query("delete from vault_keys");
  for (const { vault_id, key_id, generation, wrapped } of rows) {
    await restored.database.pool.query("insert into vault_keys values ($1, $2, $3, $4)", [
      vault_id,
      key_id,
      generation,
      wrapped,
    ]);
  }
}

test("a deleted history is gone, and another patron's opens after the rotation", async () => {
  for (const way of ways(leaver)) {
    expect(await (await sessionOf(site, leaver)).unlock(way)).toEqual({ ok: false, why: "no-vault" });
  }
  await expectToOpen(site, stayer);
}, 60_000);

test("a backup from before the deletion, beside today's keyring, opens for nobody: not with the right passphrase, code or passkey", async () => {
  const restored = await restore("beside-new-keyring", keyringPath(library));
  const { rowCount } = await restored.database.pool.query("select from vaults");
  expect(rowCount).toBe(3);
  for (const way of ways(leaver)) {
    await expect((await sessionOf(restored, leaver)).unlock(way)).rejects.toMatchObject({
      code: "no-master",
    });
  }
  await close(restored);
}, 60_000);

test("the same backup beside its own keyring opens: without the destroyed master the proof would show nothing", async () => {
  const restored = await restore("beside-old-keyring", oldKeyring);
  await expectToOpen(restored, leaver);
  await close(restored);
}, 60_000);

test("a restored backup with the wrapped keys of today serves who stayed, and nobody who left", async () => {
  const restored = await restore("with-keys-of-today", keyringPath(library));
  await takeKeysOfToday(restored);
  await expectToOpen(restored, stayer);
  for (const way of ways(leaver)) {
    await expect((await sessionOf(restored, leaver)).unlock(way)).rejects.toMatchObject({
      code: "row-refused",
    });
  }
  await close(restored);
}, 60_000);

test("after a fresh start the new passphrase and code open everything, and the old ways open nothing", async () => {
  const newWays = [
    { kind: "passphrase" as const, secret: newPassphrase },
    { kind: "recovery" as const, secret: newCodes.get(starter) ?? "" },
  ];
  for (const way of newWays) {
    const session = await sessionOf(site, starter);
    expect(await session.unlock(way)).toMatchObject({ ok: true, overview: { total: 3 } });
  }
  for (const way of ways(starter)) {
    const session = await sessionOf(site, starter);
    expect(await session.unlock(way)).toMatchObject({ ok: false });
  }
}, 60_000);

test("an old backup of a history begun afresh opens beside the live keyring by no old passphrase, code or passkey", async () => {
  const restored = await restore("afresh-beside-new-keyring", keyringPath(library));
  for (const way of ways(starter)) {
    const session = await sessionOf(restored, starter);
    await expect(session.unlock(way)).rejects.toMatchObject({ code: "no-master" });
  }
  await close(restored);
  // With the wrapped keys of today the code of a patron who stays does open the old rows: that is what a fresh start cures.
  const renewed = await restore("afresh-with-keys-of-today", keyringPath(library));
  await takeKeysOfToday(renewed);
  const code = { kind: "recovery" as const, secret: codes.get(stayer) ?? "" };
  expect(await (await sessionOf(renewed, stayer)).unlock(code)).toMatchObject({ ok: true });
  for (const way of ways(starter)) {
    const session = await sessionOf(renewed, starter);
    await expect(session.unlock(way)).rejects.toMatchObject({ code: "row-refused" });
  }
  await close(renewed);
}, 60_000);

test("the same backup of it beside its own keyring opens by the old ways", async () => {
  const restored = await restore("afresh-beside-old-keyring", oldKeyring);
  await expectToOpen(restored, starter);
  await close(restored);
}, 60_000);
