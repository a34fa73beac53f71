import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenDatabase, openDatabase } from "@/db/connection";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { makeIntake } from "@/lib/circulation/intake/intake";
import type { LoanEvent } from "@/lib/circulation/intake/loan-event";
import type { SealPool } from "@/lib/circulation/intake/seal-pool";
import { sealPoolFromSource } from "@/lib/circulation/intake/source-thread";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import { type DeletionReceipt, verifyReceipt } from "@/lib/vault/receipt";
import type { VaultSession } from "@/lib/vault/unlocked-history";
import type { VaultServer } from "@/lib/vault/vault-contents";
import type { Custody } from "./custody";
import { directVaultServer } from "./direct-vault-server";
import { prepareQuickAfresh, prepareQuickVault } from "./fixtures/quick-vault";
import { type SeededRandom, seededRandom } from "./fixtures/seeded-random";
import { openKeyring } from "./keyring";
import { fileKeyring, keyringPath } from "./keyring-file";
import { rotateMaster } from "./rotate-master";
import { deleteVault, receiptPublicKey } from "./vault-deletion";

const runs = 100;
const firstSeed = Number(process.env.INTERLEAVING_SEED ?? 1);
const today = "2026-03-01";

let database: TestDatabase;
let path: string;
let pool: SealPool;
/** Two servers of one library: each its own connections and its own reading of the keyring. */
let servers: [Custody, Custody];
const opened: OpenDatabase[] = [];
let days = 0;

beforeAll(async () => {
  database = await testDatabase();
  path = keyringPath(mkdtempSync(join(tmpdir(), "interleavings-")));
  const start = async (): Promise<Custody> => {
    const connections = openDatabase(database.url, 8);
    opened.push(connections);
    return { db: connections.db, keyring: await openKeyring(fileKeyring(path), today) };
  };
  servers = [await start(), await start()];
  pool = sealPoolFromSource(servers[0].keyring.intakeSecretKey);
});
afterAll(async () => {
  await pool.close();
  for (const one of opened) await one.close();
});

/** One run's world: a patron, a seed, and what everybody was promised. */
interface Run {
  patron: string;
  random: SeededRandom;
  code: string;
  /** Titles that were acknowledged before any deletion began. */
  promised: string[];
  reported: Set<string>;
  deletion: "none" | "begun" | "done";
  receipts: DeletionReceipt[];
  afresh: string[];
}

/** Every call waits a while that the seed decides, before the server sees it and before the answer is seen. */
function slowly(server: VaultServer, random: SeededRandom): VaultServer {
  const wait = () => sleep(random.below(12));
  const cut = async () => ({ ok: false as const, why: "offline" as const });
  return {
    ...server,
    async fetchVault() {
      await wait();
      const answer = await server.fetchVault().catch(cut);
      await wait();
      return answer;
    },
    async commitVault(commit) {
      await wait();
      const answer = await server.commitVault(commit).catch(cut);
      await wait();
      return answer;
    },
    async changeSlots(change) {
      await wait();
      const answer = await server.changeSlots(change).catch(cut);
      await wait();
      return answer;
    },
  };
}

const serverAt = ({ random, patron }: Run, at: 0 | 1) =>
  slowly(directVaultServer(servers[at], patron), seededRandom(random.below(2 ** 31)));

const deviceAt = (run: Run, at: 0 | 1) =>
  openVaultSession({ server: serverAt(run, at), random: secureRandom, today: () => today });

const unlock = (device: VaultSession, secret: string) => device.unlock({ kind: "recovery", secret });

/** How a device may find a vault that others change meanwhile. */
const mayMeet = [
  "no-vault",
  "started-afresh",
  "offline",
  "wrong-recovery-code",
  "locked",
  "not-prepared",
  "conflict",
];

function expectKnown(outcome: { ok: true } | { ok: false; why: string }) {
  if (!outcome.ok) expect(mayMeet).toContain(outcome.why);
}

async function reads(run: Run, at: 0 | 1): Promise<void> {
  const device = deviceAt(run, at);
  expectKnown(await unlock(device, run.code));
  await sleep(run.random.below(20));
  const outcome = await device.refresh();
  expectKnown(outcome);
  if (outcome.ok)
    expect(outcome.overview).toMatchObject({ gap: false, unreadableInbox: 0, slotsAltered: false });
  const titles = device.page(0, 1000).rows.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
}

async function lends(run: Run, at: 0 | 1): Promise<void> {
  const intake = makeIntake({ ...servers[at], pool, pause: async () => {} });
  for (let round = 0; round < 2; round += 1) {
    await sleep(run.random.below(30));
    const events = Array.from({ length: 1 + run.random.below(2) }, (): LoanEvent => {
      const loan = `${run.patron} ${at} ${run.reported.size}`;
      run.reported.add(loan);
      return { type: "checkout", loan, patron: run.patron, day: today, record: { title: loan } };
    });
    // Now and then sent twice, as careful systems do.
    const times = run.random.below(3) === 0 ? [events, events] : [events];
    await Promise.all(times.map((one) => intake.take(one)));
    if (run.deletion === "none") run.promised.push(...events.map(({ loan }) => loan));
  }
}

async function rotates(run: Run): Promise<void> {
  await sleep(run.random.below(40));
  days += 1;
  const day = new Date(Date.UTC(2026, 3, days)).toISOString().slice(0, 10);
  await rotateMaster({
    db: servers[run.random.below(2) === 0 ? 0 : 1].db,
    keyring: fileKeyring(path),
    today: day,
    keysPerBatch: 1,
    afterStep: () => sleep(run.random.below(10)),
  });
}

async function deletes(run: Run, at: 0 | 1): Promise<void> {
  await sleep(run.random.below(60));
  run.deletion = "begun";
  const outcome = await deleteVault(servers[at], run.patron, today);
  if (!outcome.ok) throw new Error(outcome.why);
  run.receipts.push(outcome.receipt);
  run.deletion = "done";
}

async function changesCode(run: Run, at: 0 | 1): Promise<void> {
  const device = deviceAt(run, at);
  if (!(await unlock(device, run.code)).ok) return;
  const present = { kind: "recovery" as const, secret: run.code };
  const prepared = await device.prepareKeyChange({ kind: "recovery", present });
  if (!prepared.ok || prepared.recoveryCode === null) return;
  const outcome = await device.finishKeyChange();
  expectKnown(outcome);
  if (outcome.ok) run.afresh.push(prepared.recoveryCode);
}

async function changesPassphrase(run: Run, at: 0 | 1): Promise<void> {
  const device = deviceAt(run, at);
  if (!(await unlock(device, run.code)).ok) return;
  const present = { kind: "recovery" as const, secret: run.code };
  const passphrase = "quite another five good words";
  const prepared = await device.prepareKeyChange({ kind: "passphrase", present, passphrase });
  if (!prepared.ok) return expectKnown(prepared);
  expectKnown(await device.finishKeyChange());
}

async function startsAfresh(run: Run, at: 0 | 1): Promise<void> {
  await sleep(run.random.below(30));
  const prepared = await prepareQuickAfresh(serverAt(run, at), run.code, today);
  const outcome = await prepared?.store();
  if (!prepared || !outcome) return;
  expectKnown(outcome);
  if (outcome.ok) run.afresh.push(prepared.recoveryCode);
}

async function setUp(patron: string, random: SeededRandom): Promise<Run> {
  const prepared = await Promise.all(
    servers.map(async (custody) => {
      const server = directVaultServer(custody, patron);
      return { server, ...(await prepareQuickVault(server, today)) };
    }),
  );
  // Two devices at once: one makes the vault, the other is told that there is one.
  const outcomes = await Promise.all(
    prepared.map(async ({ server, creation, recoveryCode }) => {
      await sleep(random.below(5));
      return { recoveryCode, outcome: await server.createVault(creation) };
    }),
  );
  const made = outcomes.filter(({ outcome }) => outcome.ok);
  expect(made).toHaveLength(1);
  expect(outcomes.filter(({ outcome }) => !outcome.ok && outcome.why === "exists")).toHaveLength(1);
  const code = made[0]?.recoveryCode ?? "";
  const nothing = { promised: [], receipts: [], afresh: [], reported: new Set<string>() };
  return { patron, random, code, deletion: "none", ...nothing };
}

async function rowsOf(run: Run) {
  const device = openVaultSession({
    server: directVaultServer(servers[0], run.patron),
    random: secureRandom,
    today: () => today,
  });
  for (const code of [...run.afresh.toReversed(), run.code]) {
    const outcome = await unlock(device, code);
    if (!outcome.ok) continue;
    expect(outcome.overview).toMatchObject({
      gap: false,
      unreadableInbox: 0,
      lost: { chapters: 0 },
      slotsAltered: false,
      unsaved: false,
    });
    return device.page(0, 1000).rows.map(({ title }) => title ?? "");
  }
  return null;
}

async function expectNothingLeft(vaultId: string) {
  for (const table of ["vault_keys", "vault_slots", "vault_chapters", "vault_inbox", "loan_marks"]) {
    const { rowCount } = await database.pool.query(`select from ${table} where vault_id = $1`, [vaultId]);
    expect(rowCount).toBe(0);
  }
}

const acts = [
  (run: Run) => reads(run, 0),
  (run: Run) => reads(run, 1),
  (run: Run) => lends(run, 0),
  (run: Run) => lends(run, 1),
  rotates,
];

test(`two servers and two devices in ${runs} random interleavings: none lost, none doubled, none half deleted, receipts true`, async () => {
  const met = { deleted: 0, changed: 0, promised: 0 };
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const random = seededRandom(seed);
    const run = await setUp(`patron ${seed}`, random);
    const { rows } = await database.pool.query("select id from vaults order by id");
    const others = [
      ...acts,
      ...(random.below(3) === 0 ? [(one: Run) => deletes(one, 1)] : []),
      ...(random.below(3) === 0 ? [(one: Run) => startsAfresh(one, 0)] : []),
      ...(random.below(3) === 0 ? [(one: Run) => changesCode(one, 1)] : []),
      ...(seed % 25 === 0 ? [(one: Run) => changesPassphrase(one, 0)] : []),
    ];
    await Promise.all(others.map((act) => act(run))).catch((cause) => {
      throw new Error(`INTERLEAVING_SEED=${seed}`, { cause });
    });
    const titles = await rowsOf(run);
    const told = `INTERLEAVING_SEED=${seed}`;
    if (run.deletion === "done") {
      expect(titles, told).toBeNull();
      for (const receipt of run.receipts)
        expect(verifyReceipt(receiptPublicKey(servers[1]), receipt), told).toBe(true);
      const left = await database.pool.query("select id from vaults");
      for (const { id } of rows) if (!left.rows.some((row) => row.id === id)) await expectNothingLeft(id);
      met.deleted += 1;
      continue;
    }
    expect(titles?.toSorted(), told).toEqual([...run.reported].sort());
    expect(run.promised.toSorted(), told).toEqual([...run.reported].sort());
    met.promised += run.promised.length;
    met.changed += run.afresh.length;
  }
  // Otherwise nothing met anything.
  expect(met.deleted).toBeGreaterThan(runs / 6);
  expect(met.changed).toBeGreaterThan(runs / 6);
  expect(met.promised).toBeGreaterThan(runs);
}, 600_000);
