import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { type Intake, makeIntake } from "@/lib/circulation/intake/intake";
import type { LoanEvent } from "@/lib/circulation/intake/loan-event";
import type { SealPool } from "@/lib/circulation/intake/seal-pool";
import { sealPoolFromSource } from "@/lib/circulation/intake/source-thread";
import { deriveVaultKeys } from "@/lib/vault/open/root-key";
import { unlockByRecoveryCode } from "@/lib/vault/open/unlock-slot";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import { sign, signingPublicKey } from "@/lib/vault/signature";
import type { VaultSession } from "@/lib/vault/unlocked-history";
import { type Afresh, maxAfreshChapterBytes } from "@/lib/vault/vault-contents";
import { afreshMessage } from "@/lib/vault/vault-write";
import type { Custody } from "./custody";
import { directVaultServer } from "./direct-vault-server";
import { watchedDatabase } from "./fixtures/interrupted";
import { memoryKeyring } from "./keyring";
import { startAfresh } from "./start-afresh";
import { readVault } from "./vault-store";

let database: TestDatabase;
let custody: Custody;
let pool: SealPool;
let intake: Intake;
const oldPassphrase = "five words that nobody guesses";
const newPassphrase = "quite another five good words";
const today = () => "2026-11-23";

beforeAll(async () => {
  database = await testDatabase();
  custody = { db: database.db, keyring: memoryKeyring() };
  pool = sealPoolFromSource(custody.keyring.intakeSecretKey);
  intake = intakeOver(custody);
});
afterAll(() => pool.close());

function intakeOver({ db, keyring }: Custody, sealing: SealPool = pool): Intake {
  return makeIntake({ db, keyring, pool: sealing, pause: async () => {} });
}

const checkout = (patron: string, loan: string): LoanEvent => ({
  type: "checkout",
  loan: `${patron} ${loan}`,
  patron,
  day: "2026-11-01",
  record: { title: `Title ${loan}` },
});
/** As from a library system that forgets at once whose loan it was: only the mark tells. */
const returned = (patron: string, loan: string): LoanEvent => ({
  type: "return",
  loan: `${patron} ${loan}`,
  day: "2026-11-20",
});

/** A patron with an open vault. What they send to start afresh is held back while `held` is true. */
async function turnOn(patron: string) {
  const sent: Afresh[] = [];
  const hand = { held: false };
  const direct = directVaultServer(custody, patron);
  const session = openVaultSession({
    random: secureRandom,
    today,
    server: {
      ...direct,
      async startAfresh(afresh) {
        sent.push(afresh);
        return hand.held ? { ok: false, why: "offline" } : direct.startAfresh(afresh);
      },
    },
  });
  const prepared = await session.prepareSetUp({ passphrase: oldPassphrase });
  if (!prepared.ok) throw new Error(prepared.why);
  expect(await session.finishSetUp()).toMatchObject({ ok: true });
  return { session, sent, hand, oldCode: prepared.recoveryCode };
}

async function prepare(session: VaultSession, oldCode: string): Promise<string> {
  const present = { kind: "recovery", secret: oldCode } as const;
  const prepared = await session.prepareAfresh({ present, passphrase: newPassphrase });
  if (!prepared.ok) throw new Error(prepared.why);
  return prepared.recoveryCode;
}

/** A signed request that never reached the server, and the codes before and after it. */
async function heldBack(patron: string) {
  const { session, sent, hand, oldCode } = await turnOn(patron);
  await intake.take([checkout(patron, "1"), checkout(patron, "2")]);
  await session.refresh();
  const newCode = await prepare(session, oldCode);
  hand.held = true;
  expect(await session.finishAfresh()).toEqual({ ok: false, why: "offline" });
  const [signed] = sent;
  if (!signed) throw new Error("nothing was sent");
  return { signed, session, hand, oldCode, newCode };
}

async function opens(patron: string, secret: string, kind: "passphrase" | "recovery" = "recovery") {
  const session = openVaultSession({
    server: directVaultServer(custody, patron),
    random: secureRandom,
    today,
  });
  const outcome = await session.unlock({ kind, secret });
  if (!outcome.ok) return outcome.why;
  const { gap, lost, unreadableInbox, slotsAltered } = outcome.overview;
  if (gap || lost.chapters > 0 || unreadableInbox > 0 || slotsAltered) return "not whole";
  const rows = session.page(0, 1000).rows;
  return rows.map(({ title, returnedOn }) => `${title}${returnedOn ? " back" : ""}`).toSorted();
}

const tables = [
  "vaults",
  "vault_keys",
  "vault_slots",
  "vault_chapters",
  "vault_inbox",
  "loan_marks",
] as const;
type Rows = Record<(typeof tables)[number], Record<string, unknown>[]>;

async function rowsOf(vaultId: string): Promise<Rows> {
  const rows: Rows = {
    vaults: [],
    vault_keys: [],
    vault_slots: [],
    vault_chapters: [],
    vault_inbox: [],
    loan_marks: [],
  };
  for (const table of tables) {
    const column = table === "vaults" ? "id" : "vault_id";
    const found = await database.pool.query(`select * from ${table} where ${column} = $1`, [vaultId]);
    rows[table] = found.rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return rows;
}

async function putBack(vaultId: string, rows: Rows): Promise<void> {
  await database.pool.query("delete from vaults where id = $1", [vaultId]);
  for (const table of tables)
    for (const row of rows[table]) {
      const columns = Object.keys(row);
      const places = columns.map((_, index) => `$${index + 1}`);
      await database.pool.query(
        `insert into ${table} (${columns.join(", ")}) values (${places.join(", ")})`,
        Object.values(row),
      );
    }
}

const flip = (bytes: Uint8Array) => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);

test("everything is under new keys, the old ones are gone, and a loan that was out is one entry when it comes back", async () => {
  const { session, oldCode } = await turnOn("a");
  await intake.take([checkout("a", "1"), checkout("a", "2"), checkout("a", "3")]);
  await session.refresh();
  const third = session.page(0, 9).rows.find(({ title }) => title === "Title 3");
  await session.removeEntry(third?.id ?? "");
  await intake.take([checkout("a", "4")]);
  const { vaultId = "" } = (await readVault(custody, "a")) ?? {};
  const before = await rowsOf(vaultId);
  const newCode = await prepare(session, oldCode);
  expect(await rowsOf(vaultId)).toEqual(before);
  expect(await session.finishAfresh()).toMatchObject({ ok: true, overview: { total: 3, unsaved: false } });

  const after = await rowsOf(vaultId);
  expect(after.vaults[0]?.handle).toEqual(before.vaults[0]?.handle);
  expect(after.loan_marks).toEqual(before.loan_marks);
  expect(after.vault_inbox).toEqual([]);
  expect([after.vault_keys.length, after.vault_slots.length]).toEqual([2, 2]);
  const kept = JSON.stringify(before);
  for (const table of ["vault_keys", "vault_slots", "vault_chapters"] as const)
    for (const row of after[table]) expect(kept).not.toContain(JSON.stringify(row.wrapped ?? row.body));
  expect(after.vaults[0]?.head).toHaveLength(
    before.vaults[0]?.head instanceof Buffer ? before.vaults[0].head.length : 0,
  );

  await intake.take([returned("a", "1"), returned("a", "3"), checkout("a", "5")]);
  expect(await opens("a", newCode)).toEqual(["Title 1 back", "Title 2", "Title 4", "Title 5"]);
  expect(await opens("a", newPassphrase, "passphrase")).toHaveLength(4);
  expect(await opens("a", oldPassphrase, "passphrase")).toBe("wrong-passphrase");
  expect(await opens("a", oldCode)).toBe("wrong-recovery-code");
  expect(await session.refresh()).toMatchObject({ ok: true, overview: { total: 4, stillOut: 3 } });

  await prepare(session, newCode);
  await session.finishAfresh();
  await intake.take([returned("a", "2")]);
  expect(await session.refresh()).toMatchObject({ ok: true, overview: { total: 4, stillOut: 2 } });
});

test("a request that is not signed as it stands, by the old key and the new one, is refused, and nothing moves", async () => {
  const { signed, oldCode } = await heldBack("b");
  const before = await rowsOf(signed.vaultId);
  const vault = await readVault(custody, "b");
  const opened = vault && unlockByRecoveryCode(vault, oldCode);
  if (!opened?.ok) throw new Error("the old code must open it");
  const { signingKey } = await deriveVaultKeys(opened.rootKey, signed.vaultId, 1);
  const [first, second] = signed.slots;
  const [chapter] = signed.chapters;
  if (!first || !second || !chapter) throw new Error("two slots and a chapter");
  const now = new Date();
  const unsigned: Partial<Afresh>[] = [
    { signature: flip(signed.signature) },
    { proof: flip(signed.proof) },
    { signature: signed.proof },
    { proof: signed.signature },
    { manifest: flip(signed.manifest) },
    { slots: [{ ...first, blob: flip(first.blob) }, second] },
    { chapters: [] },
    { settledInboxIds: [crypto.randomUUID()] },
    { oprfTicket: flip(signed.oprfTicket) },
    { previousSequence: signed.previousSequence + 1 },
    { vaultId: crypto.randomUUID() },
    { epoch: 2 },
  ];
  for (const part of unsigned)
    expect(await startAfresh(custody, "b", { ...signed, ...part }, now)).toEqual({
      ok: false,
      why: "refused",
    });
  // With the old key's signature all the same: what the holder of a leaked old key could send without a new one.
  const misshapen: Partial<Afresh>[] = [
    { signPublicKey: signingPublicKey(signingKey) },
    { recipient: vault?.recipient ?? "" },
    { recipient: "age1nonsense" },
    { slots: [first] },
    { slots: [first, first] },
    { slots: [first, { ...second, kind: first.kind }] },
    { chapters: [chapter, chapter] },
    { chapters: [{ ...chapter, id: first.id }] },
  ];
  for (const part of misshapen) {
    const changed = { ...signed, ...part };
    const signature = sign(signingKey, afreshMessage(changed));
    const outcome = await startAfresh(custody, "b", { ...changed, signature, proof: signature }, now);
    expect(outcome).toEqual({ ok: false, why: "refused" });
  }
  const large = { ...chapter, blob: new Uint8Array(maxAfreshChapterBytes + 1) };
  expect(await startAfresh(custody, "b", { ...signed, chapters: [large] }, now)).toEqual({
    ok: false,
    why: "too-large",
  });
  const later = new Date(now.getTime() + 2 * 60 * 60 * 1000);
  expect(await startAfresh(custody, "b", signed, later)).toEqual({ ok: false, why: "stale-ticket" });
  await turnOn("b2");
  expect(await startAfresh(custody, "b2", signed, now)).toEqual({ ok: false, why: "refused" });
  expect(await startAfresh(custody, "nobody", signed, now)).toEqual({ ok: false, why: "no-vault" });
  expect(await rowsOf(signed.vaultId)).toEqual(before);
  expect(await startAfresh(custody, "b", signed, now)).toEqual({ ok: true });
  expect(await startAfresh(custody, "b", signed, now)).toEqual({ ok: false, why: "conflict" });
});

test("a slot or chapter id of another vault undoes it all", async () => {
  const { signed: theirs } = await heldBack("c1");
  expect(await startAfresh(custody, "c1", theirs, new Date())).toEqual({ ok: true });
  const { signed, oldCode } = await heldBack("c");
  const before = await rowsOf(signed.vaultId);
  const vault = await readVault(custody, "c");
  const opened = vault && unlockByRecoveryCode(vault, oldCode);
  if (!opened?.ok) throw new Error("the old code must open it");
  const { signingKey } = await deriveVaultKeys(opened.rootKey, signed.vaultId, 1);
  const newKey = await deriveVaultKeys(opened.rootKey, signed.vaultId, 7);
  const [passphrase, recovery] = signed.slots;
  const foreignSlot = theirs.slots.find(({ kind }) => kind === "recovery");
  const [foreignChapter] = theirs.chapters;
  if (!passphrase || !recovery || !foreignSlot || !foreignChapter) throw new Error("slots and chapters");
  for (const part of [{ slots: [passphrase, foreignSlot] }, { chapters: [foreignChapter] }]) {
    const changed = { ...signed, ...part, signPublicKey: newKey.signPublicKey };
    const message = afreshMessage(changed);
    const signatures = { signature: sign(signingKey, message), proof: sign(newKey.signingKey, message) };
    expect(await startAfresh(custody, "c", { ...changed, ...signatures }, new Date())).toEqual({
      ok: false,
      why: "refused",
    });
    expect(await rowsOf(signed.vaultId)).toEqual(before);
  }
});

test("a loan that is being sealed to the old recipient when the switch comes stops it, and comes along", async () => {
  const { session, oldCode } = await turnOn("d");
  const newCode = await prepare(session, oldCode);
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let sealing = () => {};
  const begun = new Promise<void>((resolve) => {
    sealing = resolve;
  });
  const slow = intakeOver(custody, {
    ...pool,
    async seal(job) {
      const batch = await pool.seal(job);
      sealing();
      await gate;
      return batch;
    },
  });
  const taking = slow.take([checkout("d", "1")]);
  await begun;
  // The intake holds the vault's row, and its entry, sealed to the old recipient, is not stored yet.
  const finishing = session.finishAfresh();
  await new Promise((resolve) => setTimeout(resolve, 300));
  letGo();
  await taking;
  expect(await finishing).toMatchObject({ ok: true, overview: { total: 1 } });
  expect(await opens("d", newCode)).toEqual(["Title 1"]);
});

test("a loan that comes during the switch waits for it, and is sealed to the new recipient", async () => {
  const { signed, newCode } = await heldBack("e");
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let atCommit = () => {};
  const reached = new Promise<void>((resolve) => {
    atCommit = resolve;
  });
  const slow = watchedDatabase(database.url, async ({ text, when }) => {
    if (text !== "commit" || when !== "before") return;
    atCommit();
    await gate;
  });
  const switching = startAfresh({ ...custody, db: slow.db }, "e", signed, new Date());
  await reached;
  let taken = false;
  const taking = intake.take([checkout("e", "3"), returned("e", "1")]).then(() => {
    taken = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(taken).toBe(false);
  letGo();
  expect(await switching).toEqual({ ok: true });
  await taking;
  await slow.close();
  expect(await opens("e", newCode)).toEqual(["Title 1 back", "Title 2", "Title 3"]);
});

test("of loans, merges and a fresh start all at once none is lost, and two fresh starts end with one of them", async () => {
  const { session, oldCode } = await turnOn("f");
  const rival = openVaultSession({ server: directVaultServer(custody, "f"), random: secureRandom, today });
  await rival.unlock({ kind: "recovery", secret: oldCode });
  const codes = [await prepare(session, oldCode), await prepare(rival, oldCode)];
  const loans = Array.from({ length: 12 }, (_, number) => `${number + 1}`);
  const [mine, theirs] = await Promise.all([
    session.finishAfresh(),
    rival.finishAfresh(),
    ...loans.map((loan) => intake.take([checkout("f", loan)])),
  ]);
  expect([mine, theirs].filter((outcome) => outcome?.ok)).toHaveLength(1);
  expect([mine, theirs].find((outcome) => outcome && !outcome.ok)).toMatchObject({ why: "started-afresh" });
  const read = await Promise.all(codes.map((code) => opens("f", code)));
  expect(read.filter((titles) => titles === "wrong-recovery-code")).toHaveLength(1);
  expect(read.find((titles) => Array.isArray(titles))).toEqual(
    loans.map((loan) => `Title ${loan}`).toSorted(),
  );
}, 60_000);

class CutOff extends Error {}

test("cut off at every statement, in four ways, it leaves the old vault or the new one, whole", async () => {
  const { signed, oldCode, newCode } = await heldBack("g");
  const before = await rowsOf(signed.vaultId);
  const attempt = async (at: Parameters<typeof watchedDatabase>[1]): Promise<"told" | "untold"> => {
    const watched = watchedDatabase(database.url, at);
    try {
      const outcome = await startAfresh({ ...custody, db: watched.db }, "g", signed, new Date());
      expect(outcome).toEqual({ ok: true });
      return "told";
    } catch {
      return "untold";
    } finally {
      // Not awaited: a connection on which not even the transaction began is never given back.
      void watched.close();
    }
  };
  const texts: string[] = [];
  expect(
    await attempt(async ({ text, when }) => {
      if (when === "before") texts.push(text);
    }),
  ).toBe("told");
  expect([texts[0], texts.at(-1)]).toEqual(["begin", "commit"]);
  await putBack(signed.vaultId, before);

  const terminate = (pid: number) => database.pool.query("select pg_terminate_backend($1)", [pid]);
  const ways = {
    async thrown() {
      throw new CutOff();
    },
    terminated: (pid: number) => terminate(pid),
    async "terminated meanwhile"(pid: number) {
      setTimeout(() => void terminate(pid), random() * 3);
    },
  };
  const random = seeded(17);
  const ends = { old: 0, new: 0 };
  let points = 0;
  for (const [number, text] of texts.entries()) {
    const cuts = [
      { when: "before", way: "thrown" },
      { when: "before", way: "terminated" },
      { when: "before", way: "terminated meanwhile" },
      { when: "after", way: "terminated" },
    ] as const;
    for (const { when, way } of cuts) {
      const told = await attempt(async (moment) => {
        if (moment.number === number && moment.when === when) await ways[way](moment.pid);
      });
      points += 1;
      const where = `${way} ${when} ${number} ${text.slice(0, 40)}`;
      const now = await rowsOf(signed.vaultId);
      const isOld = JSON.stringify(now) === JSON.stringify(before);
      ends[isOld ? "old" : "new"] += 1;
      if (told === "told") expect(isOld, where).toBe(false);
      expect(await opens("g", isOld ? oldCode : newCode), where).toEqual(["Title 1", "Title 2"]);
      expect(await opens("g", isOld ? newCode : oldCode), where).toBe("wrong-recovery-code");
      expect([now.vault_keys.length, now.vault_slots.length, now.loan_marks.length], where).toEqual([
        2, 2, 2,
      ]);
      // Unlocking notes the day on which a slot was used.
      await putBack(signed.vaultId, before);
    }
  }
  expect(points).toBeGreaterThanOrEqual(60);
  expect(ends.old).toBeGreaterThan(40);
  expect(ends.new).toBeGreaterThan(0);
  expect(await startAfresh(custody, "g", signed, new Date())).toEqual({ ok: true });
  expect(await opens("g", newCode)).toEqual(["Title 1", "Title 2"]);
}, 120_000);

/** Numbers from 0 to 1, the same in every run. Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
