import { beforeAll, beforeEach, expect, it } from "vitest";
import { newPasskeySalt } from "../passkey-question";
import { secureRandom } from "../random-bytes";
import type { KeyChange, VaultSession } from "../unlocked-history";
import { answerPasskey, forgetPrepared } from "./key-change";
import { newRootKey } from "./root-key";
import { TrialServer } from "./trial-server";
import { openVaultSession } from "./vault-session";

const passphrase = "correct horse battery staple";
const other = "entirely different set of words";
const ready = new TrialServer();
let recoveryCode: string;
let server: TrialServer;
let session: VaultSession;

const sessionOn = (on: TrialServer) =>
  openVaultSession({ server: on, random: secureRandom, today: () => "2026-03-01" });
const byPassphrase = (secret = passphrase) => ({ kind: "passphrase" as const, secret });
const byCode = (secret = recoveryCode) => ({ kind: "recovery" as const, secret });
const stored = () => {
  if (server.vault === null) throw new Error("no vault");
  return server.vault;
};
const newCode = async (present: KeyChange["present"] = byCode()) => {
  const prepared = await session.prepareKeyChange({ kind: "recovery", present });
  if (!prepared.ok) throw new Error(prepared.why);
  return prepared.recoveryCode ?? "";
};

beforeAll(async () => {
  const setUp = sessionOn(ready);
  const prepared = await setUp.prepareSetUp({ passphrase });
  if (!prepared.ok) throw new Error(prepared.why);
  recoveryCode = prepared.recoveryCode;
  await setUp.finishSetUp();
  // The day of each way's use is noted already, so that an unlocking with nothing new saves nothing.
  await sessionOn(ready).unlock(byCode());
  await sessionOn(ready).unlock({ kind: "passphrase", secret: passphrase });
  ready.commits = 0;
  ready.refills = 0;
});

beforeEach(async () => {
  server = ready.copy();
  session = sessionOn(server);
  await session.unlock(byCode());
});

it("a new passphrase takes the old one's place, under a new slot, salt and OPRF key, with the next checkpoint", async () => {
  const before = { words: session.overview()?.checkpointWords, vault: structuredClone(stored()) };
  const change = { kind: "passphrase" as const, present: byPassphrase(), passphrase: other };
  expect(await session.prepareKeyChange(change)).toEqual({
    ok: true,
    recoveryCode: null,
    passkeySalt: null,
  });
  expect(stored()).toEqual(before.vault);
  expect(await session.finishKeyChange()).toMatchObject({ ok: true, overview: { slotsAltered: false } });
  expect(session.overview()?.checkpointWords).not.toEqual(before.words);
  expect(server.guessesLeft).toBe(10);
  const slotOf = (vault: typeof before.vault) => vault.slots.find(({ kind }) => kind === "passphrase");
  expect(slotOf(stored())?.id).not.toBe(slotOf(before.vault)?.id);
  expect(slotOf(stored())?.blob.slice(1, 17)).not.toEqual(slotOf(before.vault)?.blob.slice(1, 17));
  expect([...server.oprfKeys.keys()]).toEqual([slotOf(stored())?.id]);
  const later = sessionOn(server);
  expect(await later.unlock(byPassphrase())).toMatchObject({ ok: false, why: "wrong-passphrase" });
  expect(await later.unlock(byPassphrase(other))).toMatchObject({
    ok: true,
    overview: { slotsAltered: false },
  });
  expect(await later.unlock(byCode())).toMatchObject({ ok: true });
});

it("a new recovery code takes the old one's place", async () => {
  const code = await newCode();
  expect(await session.finishKeyChange()).toMatchObject({ ok: true });
  const later = sessionOn(server);
  expect(await later.unlock(byCode())).toEqual({ ok: false, why: "wrong-recovery-code" });
  expect(await later.unlock(byCode(code))).toMatchObject({ ok: true, overview: { slotsAltered: false } });
});

it("asks for a present secret: an open page is not enough", async () => {
  const wrong = byPassphrase("wrong words of a stranger");
  expect(await session.prepareKeyChange({ kind: "recovery", present: wrong })).toEqual({
    ok: false,
    why: "wrong-passphrase",
    guessesLeft: 9,
  });
  expect(await session.prepareKeyChange({ kind: "recovery", present: byCode("nonsense") })).toEqual({
    ok: false,
    why: "misread-recovery-code",
  });
  expect(await session.finishKeyChange()).toEqual({ ok: false, why: "not-prepared" });
  session.lock();
  expect(await session.prepareKeyChange({ kind: "recovery", present: byCode() })).toEqual({
    ok: false,
    why: "locked",
  });
});

it("refuses a weak new passphrase before anything is asked", async () => {
  server.unreachable = { call: "fetchVault", how: "down" };
  const change = { kind: "passphrase" as const, present: byCode(), passphrase: "secret" };
  expect(await session.prepareKeyChange(change)).toEqual({ ok: false, why: "too-weak" });
});

it("forgets a prepared key when locked", async () => {
  await newCode();
  session.lock();
  await session.unlock(byCode());
  expect(await session.finishKeyChange()).toEqual({ ok: false, why: "not-prepared" });
});

it("that lost the server's answer is finished by trying again, and changes nothing twice", async () => {
  const code = await newCode();
  server.unreachable = { call: "changeSlots", how: "lost" };
  expect(await session.finishKeyChange()).toEqual({ ok: false, why: "offline" });
  server.unreachable = null;
  expect(await session.finishKeyChange()).toMatchObject({ ok: true, overview: { slotsAltered: false } });
  expect(stored().sequence).toBe(4);
  expect(await sessionOn(server).unlock(byCode(code))).toMatchObject({ ok: true });
});

it("takes in what another device wrote meanwhile, and tries again", async () => {
  await newCode();
  const elsewhere = sessionOn(server);
  await elsewhere.unlock(byCode());
  await server.report({
    loanId: "1",
    event: "checkout",
    day: "2026-02-01",
    due: null,
    recordId: "1",
    title: "Title",
    author: null,
    isbn: null,
    format: null,
    callNumber: null,
    subjects: [],
  });
  server.beforeCommit = async () => {
    server.beforeCommit = null;
    await elsewhere.refresh();
  };
  expect(await session.finishKeyChange()).toMatchObject({ ok: true, overview: { total: 1 } });
  expect(stored().sequence).toBe(5);
});

it("never blesses a slot that somebody put in: the way that stays must be the manifest's, or the one just used", async () => {
  await newCode();
  await session.finishKeyChange();
  const old = ready.vault?.slots.find(({ kind }) => kind === "recovery");
  if (!old) throw new Error("no slot");
  // The old recovery slot is brought back in place of the new one.
  server.vault = { ...stored(), slots: [...stored().slots.filter(({ kind }) => kind === "passphrase"), old] };
  const change = { kind: "passphrase" as const, present: byPassphrase(), passphrase: other };
  expect(await session.prepareKeyChange(change)).toMatchObject({ ok: true });
  expect(await session.finishKeyChange()).toEqual({ ok: false, why: "slots-altered" });
  const code = await newCode(byPassphrase());
  expect(await session.finishKeyChange()).toMatchObject({ ok: true, overview: { slotsAltered: false } });
  const later = sessionOn(server);
  expect(await later.unlock(byCode())).toEqual({ ok: false, why: "wrong-recovery-code" });
  expect(await later.unlock(byCode(code))).toMatchObject({ ok: true });
});

it("takes no other vault's secret as proof, even with that vault's slots in place", async () => {
  const stranger = new TrialServer();
  const theirs = sessionOn(stranger);
  const prepared = await theirs.prepareSetUp({ passphrase: other });
  await theirs.finishSetUp();
  const slots = stranger.vault?.slots ?? [];
  server.vault = { ...stored(), slots };
  const code = prepared.ok ? prepared.recoveryCode : "";
  // A slot is bound to its vault's id, so it opens nowhere else.
  expect(await session.prepareKeyChange({ kind: "recovery", present: byCode(code) })).toEqual({
    ok: false,
    why: "wrong-recovery-code",
  });
});

const answerOf = (credentialId: Uint8Array, outputs: { first: Uint8Array; second: Uint8Array }) => ({
  credentialId,
  first: Uint8Array.from(outputs.first),
  second: Uint8Array.from(outputs.second),
});

/** Adds a passkey to the open vault; the way to unlock with it afterwards, as often as one likes. */
async function addPasskey(name = "Phone", present: KeyChange["present"] = byCode()) {
  const prepared = await session.prepareKeyChange({ kind: "passkey", present, name });
  if (!prepared.ok) throw new Error(prepared.why);
  expect(prepared.recoveryCode).toBeNull();
  expect(prepared.passkeySalt).toHaveLength(32);
  const credentialId = secureRandom(24);
  const outputs = { first: secureRandom(32), second: secureRandom(32) };
  const given = answerOf(credentialId, outputs);
  expect(await session.finishKeyChange()).toEqual({ ok: false, why: "not-prepared" });
  expect(await session.answerPasskey({ ...given, host: "localhost" })).toEqual({ ok: true });
  expect([...given.first, ...given.second].some((byte) => byte !== 0)).toBe(false);
  return () => ({ kind: "passkey" as const, ...answerOf(credentialId, outputs) });
}

const passkeySlotId = () => stored().slots.find(({ kind }) => kind === "passkey")?.id ?? "";

it("a passkey is added beside the other ways, which stay, and its name and day are told to the patron alone", async () => {
  const before = structuredClone(stored().slots);
  const byPasskey = await addPasskey(" My  phone ");
  expect(stored().slots).toEqual(before);
  expect(await session.finishKeyChange()).toMatchObject({ ok: true, overview: { slotsAltered: false } });
  expect(stored().slots.slice(0, 2)).toEqual(before);
  expect([...server.oprfKeys.keys()]).toEqual([before[0]?.id]);
  const later = sessionOn(server);
  expect(await later.unlock(byPasskey())).toMatchObject({
    ok: true,
    overview: {
      slotsAltered: false,
      ways: [
        { kind: "passphrase", name: null },
        { kind: "recovery", usedOn: "2026-03-01" },
        { kind: "passkey", name: "My phone", madeOn: "2026-03-01", usedOn: "2026-03-01" },
      ],
    },
  });
  expect(await sessionOn(server).unlock(byCode())).toMatchObject({ ok: true });
  expect(await sessionOn(server).unlock(byPassphrase())).toMatchObject({ ok: true });
});

it("a passkey shows who asks as the other ways do, and stays when another is added or the passphrase is changed", async () => {
  const byPasskey = await addPasskey();
  await session.finishKeyChange();
  const byAnother = await addPasskey("Tablet", byPasskey());
  await session.finishKeyChange();
  expect(await sessionOn(server).unlock(byAnother())).toMatchObject({ ok: true });
  const change = { kind: "passphrase" as const, present: byPasskey(), passphrase: other };
  expect(await session.prepareKeyChange(change)).toMatchObject({ ok: true });
  expect(await session.finishKeyChange()).toMatchObject({ ok: true });
  expect(await sessionOn(server).unlock(byPasskey())).toMatchObject({ ok: true });
  expect(await sessionOn(server).unlock(byPassphrase(other))).toMatchObject({ ok: true });
});

it("a removed passkey opens nothing more; no other way can be removed", async () => {
  const byPasskey = await addPasskey();
  await session.finishKeyChange();
  const slotId = passkeySlotId();
  const stranger = byPassphrase("wrong words of a stranger");
  expect(await session.prepareKeyChange({ kind: "removal", present: stranger, slotId })).toMatchObject({
    ok: false,
    why: "wrong-passphrase",
  });
  for (const kept of stored().slots.filter(({ kind }) => kind !== "passkey")) {
    const removal = { kind: "removal" as const, present: byCode(), slotId: kept.id };
    expect(await session.prepareKeyChange(removal)).toEqual({ ok: false, why: "no-such-slot" });
  }
  expect(await session.prepareKeyChange({ kind: "removal", present: byCode(), slotId })).toMatchObject({
    ok: true,
  });
  server.unreachable = { call: "changeSlots", how: "lost" };
  expect(await session.finishKeyChange()).toEqual({ ok: false, why: "offline" });
  server.unreachable = null;
  expect(await session.finishKeyChange()).toMatchObject({ ok: true, overview: { slotsAltered: false } });
  expect(stored().slots.map(({ kind }) => kind)).toEqual(["passphrase", "recovery"]);
  expect(await sessionOn(server).unlock(byPasskey())).toEqual({ ok: false, why: "no-such-slot" });
});

it("a passkey that is given up, or whose vault is locked meanwhile, is not added", async () => {
  await addPasskey();
  session.leaveKeyChange();
  expect(await session.finishKeyChange()).toEqual({ ok: false, why: "not-prepared" });
  await session.prepareKeyChange({ kind: "passkey", present: byCode(), name: "" });
  session.lock();
  await session.unlock(byCode());
  const answer = {
    ...answerOf(secureRandom(9), { first: secureRandom(32), second: secureRandom(32) }),
    host: "",
  };
  expect(await session.answerPasskey(answer)).toEqual({ ok: false, why: "not-prepared" });
  expect(stored().slots).toHaveLength(2);
});

it("a passkey slot that somebody put in is noticed, opens nothing of the history, and dies with the next change", async () => {
  await addPasskey();
  await session.finishKeyChange();
  const own = structuredClone(stored());
  const foreign = { ...(own.slots.at(-1) ?? own.slots[0]), id: crypto.randomUUID() };
  server.vault = { ...own, slots: [...own.slots, { kind: "passkey", blob: secureRandom(1400), ...foreign }] };
  expect(await session.refresh()).toMatchObject({ ok: true, overview: { slotsAltered: true } });
  const change = { kind: "passphrase" as const, present: byCode(), passphrase: other };
  expect(await session.prepareKeyChange(change)).toMatchObject({ ok: true });
  expect(await session.finishKeyChange()).toMatchObject({ ok: true, overview: { slotsAltered: false } });
  expect(stored().slots.map(({ kind }) => kind)).toEqual(["recovery", "passkey", "passphrase"]);
  expect(stored().slots.some(({ id }) => id === foreign.id)).toBe(false);
});

it("the day of use is saved once a day, by an ordinary commit, and never counts as unsaved", async () => {
  const tomorrow = () => openVaultSession({ server, random: secureRandom, today: () => "2026-03-02" });
  server.commits = 0;
  server.unreachable = { call: "commitVault", how: "down" };
  expect(await tomorrow().unlock(byCode())).toMatchObject({ ok: true, overview: { unsaved: false } });
  server.unreachable = null;
  expect(await tomorrow().unlock(byCode())).toMatchObject({ ok: true });
  const again = await tomorrow().unlock(byCode());
  expect(server.commits).toBe(1);
  expect(again).toMatchObject({
    ok: true,
    overview: { ways: [{ usedOn: "2026-03-01" }, { usedOn: "2026-03-02" }] },
  });
  expect(server.arrived.at(-1)).toMatchObject({ chapters: [], openedInboxIds: [], droppedChapterIds: [] });
});

it("the root key that waits for a passkey is overwritten when it has answered, and when it is given up", () => {
  const prepared = () => ({
    kind: "passkey" as const,
    proved: { id: "p", kind: "recovery" as const, blob: secureRandom(9) },
    vaultId: "v",
    epoch: 1,
    rootKey: newRootKey(secureRandom),
    salt: newPasskeySalt(secureRandom),
    name: "",
  });
  const [answered, left] = [prepared(), prepared()];
  const answer = answerOf(secureRandom(9), { first: secureRandom(32), second: secureRandom(32) });
  const world = { server, random: secureRandom, today: () => "2026-03-01" };
  expect(answerPasskey(answered, { ...answer, host: "localhost" }, world)).toMatchObject({ kind: "slot" });
  forgetPrepared(left);
  for (const bytes of [answered.rootKey, left.rootKey, answer.first, answer.second]) {
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  }
});
