import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { prepareVault } from "@/lib/vault/open/set-up";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import { verifyReceipt } from "@/lib/vault/receipt";
import { sign } from "@/lib/vault/signature";
import type { VaultCommit, VaultCreation, VaultServer } from "@/lib/vault/vault-contents";
import { commitMessage } from "@/lib/vault/vault-write";
import type { Custody } from "./custody";
import { isDamage } from "./custody-fault";
import { directVaultServer } from "./direct-vault-server";
import { memoryKeyring } from "./keyring";
import { deleteVault, receiptPublicKey } from "./vault-deletion";
import { commitVault, createVault, hasVault, readPasskeys, readVault } from "./vault-store";

let database: TestDatabase;
let custody: Custody;
const passphrase = "five words that nobody guesses";

beforeAll(async () => {
  database = await testDatabase();
  custody = { db: database.db, keyring: memoryKeyring() };
});

function sessionOver(server: VaultServer) {
  return openVaultSession({ server, random: secureRandom, today: () => "2026-11-23" });
}

/** A patron with a vault, and the writes that their browser sent. */
async function turnOn(patron: string) {
  const creations: VaultCreation[] = [];
  const commits: VaultCommit[] = [];
  const direct = directVaultServer(custody, patron);
  const session = sessionOver({
    ...direct,
    createVault: (creation) => {
      creations.push(creation);
      return direct.createVault(creation);
    },
    commitVault: (commit) => {
      commits.push(commit);
      return direct.commitVault(commit);
    },
  });
  await session.prepareSetUp({ passphrase });
  expect(await session.finishSetUp()).toMatchObject({ ok: true });
  const [creation] = creations;
  if (!creation) throw new Error("nothing was created");
  return { session, creation, commits };
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const flip = (bytes: Uint8Array) => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);

test("a vault is read back as its browser wrote it, and only by its patron", async () => {
  const { creation } = await turnOn("a");
  const vault = await readVault(custody, "a");
  expect(vault).toMatchObject({
    vaultId: creation.vaultId,
    epoch: 1,
    recipient: creation.recipient,
    sequence: 1,
  });
  expect(vault?.manifest).toEqual(creation.manifest);
  expect(vault?.slots.map(({ kind }) => kind).toSorted()).toEqual(["passphrase", "recovery"]);
  expect(await readVault(custody, "b")).toBeNull();
});

test("a creation whose signature, ticket, slots or recipient are not right is refused, and nothing is stored", async () => {
  const { creation } = await turnOn("c");
  await deleteVault(custody, "c", "2026-11-23");
  const now = new Date();
  const wrong: Partial<VaultCreation>[] = [
    { signature: flip(creation.signature) },
    { oprfTicket: flip(creation.oprfTicket) },
    { recipient: creation.recipient.slice(0, -1) },
    { slots: creation.slots.slice(0, 1) },
    { vaultId: crypto.randomUUID() },
    { manifest: flip(creation.manifest) },
  ];
  for (const change of wrong) {
    expect(await createVault(custody, "c", { ...creation, ...change }, now)).toEqual({
      ok: false,
      why: "refused",
    });
  }
  expect(await hasVault(custody, "c")).toBe(false);
  const later = new Date(now.getTime() + 2 * 60 * 60 * 1000);
  expect(await createVault(custody, "c", creation, later)).toEqual({ ok: false, why: "stale-ticket" });
});

test("of two set-ups at once one wins, and the other is told", async () => {
  const [first, second] = [directVaultServer(custody, "d"), directVaultServer(custody, "d")].map(sessionOver);
  await Promise.all([first?.prepareSetUp({ passphrase }), second?.prepareSetUp({ passphrase })]);
  const outcomes = await Promise.all([first?.finishSetUp(), second?.finishSetUp()]);
  expect(outcomes.filter((outcome) => outcome?.ok)).toHaveLength(1);
  expect(outcomes.find((outcome) => !outcome?.ok)).toEqual({ ok: false, why: "exists" });
});

test("a write is refused for another patron's vault, a foreign signature, or no vault at all", async () => {
  const { creation } = await turnOn("e");
  await turnOn("f");
  const commit: VaultCommit = {
    vaultId: creation.vaultId,
    epoch: 1,
    previousSequence: 1,
    manifest: creation.manifest,
    chapters: [],
    droppedChapterIds: [],
    openedInboxIds: [],
    signature: creation.signature,
  };
  for (const patron of ["e", "f"]) {
    expect(await commitVault(custody, patron, commit)).toEqual({ ok: false, why: "refused" });
  }
  expect(await commitVault(custody, "nobody", commit)).toEqual({ ok: false, why: "no-vault" });
  expect(await readVault(custody, "e")).toMatchObject({ sequence: 1 });
});

test("a row moved into another vault, or damaged, is not opened for it, and the others still are", async () => {
  const { creation } = await turnOn("g");
  const other = await turnOn("h");
  const [slot] = creation.slots.filter(({ kind }) => kind === "recovery");
  const [foreign] = other.creation.slots.filter(({ kind }) => kind === "recovery");
  await database.pool.query(
    "update vault_slots set body = (select body from vault_slots where id = $1) where id = $2",
    [foreign?.id, slot?.id],
  );
  const vault = await readVault(custody, "g");
  expect(vault?.slots.map(({ kind }) => kind)).toEqual(["passphrase"]);
  const session = sessionOver(directVaultServer(custody, "g"));
  expect(await session.unlock({ kind: "passphrase", secret: passphrase })).toMatchObject({
    ok: true,
    overview: { slotsAltered: true },
  });
});

test("a damaged inbox row is counted by the browser, and nothing else suffers", async () => {
  const { creation, session } = await turnOn("i");
  await database.pool.query("insert into vault_inbox (id, vault_id, body) values ($1, $2, $3)", [
    crypto.randomUUID(),
    creation.vaultId,
    Buffer.alloc(2756, 1),
  ]);
  expect(await session.refresh()).toMatchObject({ ok: true, overview: { unreadableInbox: 1 } });
});

test("ten guesses are answered, the eleventh is not until six minutes later, and a right one gives them back", async () => {
  await turnOn("j");
  let now = new Date("2026-11-23T10:00:00Z");
  const session = sessionOver(directVaultServer(custody, "j", () => now));
  const guess = (secret: string) => session.unlock({ kind: "passphrase", secret });
  expect(await guess("wrong")).toEqual({ ok: false, why: "wrong-passphrase", guessesLeft: 9 });
  expect(await guess(passphrase)).toMatchObject({ ok: true });
  session.lock();
  for (let left = 9; left >= 0; left--) {
    expect(await guess(`wrong ${left}`)).toEqual({ ok: false, why: "wrong-passphrase", guessesLeft: left });
  }
  expect(await guess(passphrase)).toMatchObject({ ok: false, why: "no-guesses", retryAfterSeconds: 360 });
  now = new Date("2026-11-23T10:06:01Z");
  expect(await guess(passphrase)).toMatchObject({ ok: true });
});

test("deletion takes every row of the vault and no other's, and its receipt is signed and names nobody", async () => {
  const { creation } = await turnOn("k");
  const { creation: kept } = await turnOn("l");
  const outcome = await deleteVault(custody, "k", "2026-11-23");
  if (!outcome.ok) throw new Error(outcome.why);
  expect(verifyReceipt(receiptPublicKey(custody), outcome.receipt)).toBe(true);
  expect(outcome.receipt).toMatchObject({ day: "2026-11-23", horizonDay: "2026-11-25" });
  expect(JSON.stringify(outcome.receipt)).not.toContain(creation.vaultId);
  for (const table of ["vault_keys", "vault_slots", "vault_chapters", "vault_inbox", "loan_marks"]) {
    const { rows } = await database.pool.query(`select vault_id from ${table} where vault_id = $1`, [
      creation.vaultId,
    ]);
    expect(rows).toEqual([]);
  }
  expect(await readVault(custody, "l")).toMatchObject({ vaultId: kept.vaultId });
  expect(await deleteVault(custody, "k", "2026-11-23")).toEqual({ ok: false, why: "no-vault" });
});

test("a device that has a chapter gets it by name only, and another vault's or other bytes get it whole", async () => {
  const world = { server: directVaultServer(custody, "p"), random: secureRandom, today: () => "2026-11-23" };
  const prepared = await prepareVault({ passphrase }, world, () => {});
  if (!prepared.ok) throw new Error(prepared.why);
  const { creation, keys } = prepared.prepared;
  await createVault(custody, "p", creation, new Date());
  const chapters = [1, 2].map((number) => ({
    id: crypto.randomUUID(),
    revision: 1,
    blob: new Uint8Array(100).fill(number),
  }));
  const unsigned = {
    vaultId: creation.vaultId,
    epoch: 1,
    previousSequence: 1,
    leapTo: 9,
    manifest: creation.manifest,
    chapters,
    droppedChapterIds: [],
    openedInboxIds: [],
  };
  const signed = (commit: typeof unsigned) => ({
    ...commit,
    signature: sign(keys.signingKey, commitMessage(commit)),
  });
  const backwards = signed({ ...unsigned, leapTo: 2 });
  expect(await commitVault(custody, "p", backwards)).toEqual({ ok: false, why: "refused" });
  expect(await commitVault(custody, "p", { ...signed(unsigned), leapTo: 10 })).toEqual({
    ok: false,
    why: "refused",
  });
  expect(await commitVault(custody, "p", signed(unsigned))).toEqual({ ok: true });
  const fetchKnown = async (vaultId: string) => {
    const known = chapters.map(({ id, blob }, at) => ({ id, sha256: sha256(at === 0 ? blob : flip(blob)) }));
    const fetched = await world.server.fetchVault({ vaultId, chapters: known });
    if (!fetched.ok) throw new Error(fetched.why);
    return {
      sent: fetched.vault?.chapters.map(({ id }) => id).sort(),
      unchanged: fetched.unchanged,
      fetched,
    };
  };
  const [first, second] = chapters.map(({ id }) => id);
  const own = await fetchKnown(creation.vaultId);
  expect(own).toMatchObject({ sent: [second], unchanged: [first] });
  expect(own.fetched.vault).toMatchObject({ sequence: 9, manifest: creation.manifest });
  expect(await fetchKnown(crypto.randomUUID())).toMatchObject({
    sent: [first, second].sort(),
    unchanged: [],
  });
});

test("a signed write that names another vault's chapter, or fills the disk, is refused whole; a stale one conflicts", async () => {
  const world = { server: directVaultServer(custody, "m"), random: secureRandom, today: () => "2026-11-23" };
  const prepared = await prepareVault({ passphrase }, world, () => {});
  if (!prepared.ok) throw new Error(prepared.why);
  const { creation, keys } = prepared.prepared;
  expect(await createVault(custody, "m", creation, new Date())).toEqual({ ok: true });
  const { creation: victim } = await turnOn("n");
  const foreign = crypto.randomUUID();
  await database.pool.query("insert into vault_chapters (id, vault_id, body) values ($1, $2, $3)", [
    foreign,
    victim.vaultId,
    Buffer.alloc(100, 7),
  ]);
  const write = (ids: string[], bytes: number, previousSequence = 1) => {
    const unsigned = {
      vaultId: creation.vaultId,
      epoch: 1,
      previousSequence,
      manifest: creation.manifest,
      chapters: ids.map((id) => ({ id, revision: 1, blob: new Uint8Array(bytes) })),
      droppedChapterIds: [],
      openedInboxIds: [],
    };
    return commitVault(custody, "m", {
      ...unsigned,
      signature: sign(keys.signingKey, commitMessage(unsigned)),
    });
  };
  const own = crypto.randomUUID();
  expect(await write([own, foreign], 100)).toEqual({ ok: false, why: "refused" });
  expect(await write([own, own], 100)).toEqual({ ok: false, why: "refused" });
  expect(await write([own], 65 * 1024 * 1024)).toEqual({ ok: false, why: "refused" });
  expect(await readVault(custody, "m")).toMatchObject({ sequence: 1, chapters: [] });
  const { rows } = await database.pool.query("select body from vault_chapters where id = $1", [foreign]);
  expect(rows[0].body).toEqual(Buffer.alloc(100, 7));
  expect(await write([own], 100)).toEqual({ ok: true });
  expect(await write([own], 100)).toEqual({ ok: false, why: "conflict" });
  expect(await write([own], 100, 2)).toEqual({ ok: true });
});

test("a vault whose head or shred key is damaged is known as such, shows its page, and is deleted and begun again", async () => {
  for (const [patron, damage] of [
    ["i1", "update vaults set head = '\\x00' where id = $1"],
    ["i2", "update vault_keys set wrapped = '\\x00' where vault_id = $1 and key_id = 'shred'"],
    ["i3", "delete from vault_keys where vault_id = $1"],
    ["i4", "update vault_keys set generation = 99 where vault_id = $1"],
  ] as const) {
    const { creation, session } = await turnOn(patron);
    await database.pool.query(damage, [creation.vaultId]);
    const fault = await readVault(custody, patron).catch((thrown: unknown) => thrown);
    expect(isDamage(fault), damage).toBe(true);
    expect(await readPasskeys(custody, patron)).toEqual([]);
    expect(await hasVault(custody, patron)).toBe(true);
    await expect(session.refresh()).rejects.toSatisfy(isDamage);
    expect(await deleteVault(custody, patron, "2026-11-23")).toMatchObject({ ok: true });
    await turnOn(patron);
    expect(await readVault(custody, patron)).toMatchObject({ epoch: 1 });
  }
}, 30_000);
