import { beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { deriveVaultKeys } from "@/lib/vault/open/root-key";
import { unlockByRecoveryCode } from "@/lib/vault/open/unlock-slot";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import { sign } from "@/lib/vault/signature";
import type { KeyChange, VaultSession } from "@/lib/vault/unlocked-history";
import type { SlotChange, SlotKind } from "@/lib/vault/vault-contents";
import { slotChangeMessage } from "@/lib/vault/vault-write";
import type { Custody } from "./custody";
import { directVaultServer } from "./direct-vault-server";
import { memoryKeyring } from "./keyring";
import { changeSlots } from "./slot-change";
import { readPasskeys, readVault } from "./vault-store";

let database: TestDatabase;
let custody: Custody;
const oldPassphrase = "five words that nobody guesses";
const newPassphrase = "quite another five good words";

beforeAll(async () => {
  database = await testDatabase();
  custody = { db: database.db, keyring: memoryKeyring() };
});

/** A patron with an open vault. Changes of keys that the browser sends are held back when `held` is true. */
async function turnOn(patron: string) {
  const sent: SlotChange[] = [];
  const hand = { held: false };
  const direct = directVaultServer(custody, patron);
  const session = openVaultSession({
    random: secureRandom,
    today: () => "2026-11-23",
    server: {
      ...direct,
      async changeSlots(change) {
        sent.push(change);
        return hand.held ? { ok: false, why: "offline" } : direct.changeSlots(change);
      },
    },
  });
  const prepared = await session.prepareSetUp({ passphrase: oldPassphrase });
  if (!prepared.ok) throw new Error(prepared.why);
  expect(await session.finishSetUp()).toMatchObject({ ok: true });
  return { session, sent, hand, recoveryCode: prepared.recoveryCode };
}

const present = { kind: "passphrase", secret: oldPassphrase } as const;
const toNewPassphrase: KeyChange = { kind: "passphrase", present, passphrase: newPassphrase };

async function change(session: VaultSession, wanted: KeyChange): Promise<string | null> {
  const prepared = await session.prepareKeyChange(wanted);
  if (!prepared.ok) throw new Error(prepared.why);
  expect(await session.finishKeyChange()).toMatchObject({ ok: true });
  return prepared.recoveryCode;
}

/** A signed change that never reached the server. */
async function heldBack(patron: string, wanted: KeyChange) {
  const { session, sent, hand } = await turnOn(patron);
  hand.held = true;
  expect(await session.prepareKeyChange(wanted)).toMatchObject({ ok: true });
  expect(await session.finishKeyChange()).toEqual({ ok: false, why: "offline" });
  const [signed] = sent;
  if (!signed?.slot) throw new Error("nothing was sent");
  return { signed: { ...signed, slot: signed.slot }, session, sent, hand };
}

async function opens(
  patron: string,
  kind: "passphrase" | "recovery",
  secret: string,
): Promise<true | string> {
  const server = directVaultServer(custody, patron);
  const session = openVaultSession({ server, random: secureRandom, today: () => "2026-11-23" });
  const outcome = await session.unlock({ kind, secret });
  return outcome.ok ? !outcome.overview.slotsAltered || "slots-altered" : outcome.why;
}

async function rowsOf(vaultId: string) {
  const slots = await database.pool.query("select id from vault_slots where vault_id = $1", [vaultId]);
  const keys = await database.pool.query("select key_id from vault_keys where vault_id = $1", [vaultId]);
  return {
    slots: slots.rows.map(({ id }) => `${id}`).toSorted(),
    keys: keys.rows.map(({ key_id }) => `${key_id}`).toSorted(),
  };
}

async function idsOf(patron: string) {
  const vault = await readVault(custody, patron);
  if (!vault) throw new Error("no vault");
  const idOf = (of: SlotKind) => vault.slots.find(({ kind }) => kind === of)?.id ?? "";
  return { vaultId: vault.vaultId, passphrase: idOf("passphrase"), recovery: idOf("recovery") };
}

const flip = (bytes: Uint8Array) => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);

test("a new passphrase opens, the old one does not, and the old slot row and OPRF key row are gone", async () => {
  const { session, recoveryCode } = await turnOn("a");
  const before = await idsOf("a");
  await change(session, toNewPassphrase);
  const after = await idsOf("a");
  expect(after.passphrase).not.toBe(before.passphrase);
  expect(after.recovery).toBe(before.recovery);
  expect(await rowsOf(after.vaultId)).toEqual({
    slots: [after.passphrase, after.recovery].toSorted(),
    keys: [after.passphrase, "shred"].toSorted(),
  });
  expect(await opens("a", "passphrase", oldPassphrase)).toBe("wrong-passphrase");
  expect(await opens("a", "passphrase", newPassphrase)).toBe(true);
  expect(await opens("a", "recovery", recoveryCode)).toBe(true);
});

test("an old slot row brought back from a backup has no key to be opened with", async () => {
  const { session } = await turnOn("b");
  const before = await idsOf("b");
  await change(session, toNewPassphrase);
  const server = directVaultServer(custody, "b");
  const blinded = new Uint8Array(32).fill(2);
  expect(await server.evaluateOprf(before.passphrase, blinded)).toEqual({ ok: false, why: "no-vault" });
});

test("a new recovery code opens, the old one does not, and the passphrase stays", async () => {
  const { session, recoveryCode } = await turnOn("c");
  const before = await idsOf("c");
  const code = await change(session, { kind: "recovery", present });
  if (!code) throw new Error("no code");
  const after = await idsOf("c");
  expect(after.passphrase).toBe(before.passphrase);
  expect(await rowsOf(after.vaultId)).toEqual({
    slots: [after.passphrase, after.recovery].toSorted(),
    keys: [after.passphrase, "shred"].toSorted(),
  });
  expect(await opens("c", "recovery", recoveryCode)).toBe("wrong-recovery-code");
  expect(await opens("c", "recovery", code)).toBe(true);
  expect(await opens("c", "passphrase", oldPassphrase)).toBe(true);
});

test("a change that is not signed as it stands is refused, and nothing of the vault moves", async () => {
  const { signed } = await heldBack("d", toNewPassphrase);
  const before = { ids: await idsOf("d"), rows: await rowsOf(signed.vaultId) };
  const now = new Date();
  const wrong: Partial<SlotChange>[] = [
    { signature: flip(signed.signature) },
    { manifest: flip(signed.manifest) },
    { slot: { ...signed.slot, blob: flip(signed.slot.blob) } },
    { keptSlotIds: [] },
    { keptSlotIds: [before.ids.passphrase, before.ids.recovery] },
    { oprfTicket: flip(signed.oprfTicket ?? new Uint8Array(1)) },
    { oprfTicket: null },
    { previousSequence: 2 },
    { vaultId: crypto.randomUUID() },
    { epoch: 2 },
  ];
  for (const part of wrong) {
    expect(await changeSlots(custody, "d", { ...signed, ...part }, now)).toEqual({
      ok: false,
      why: "refused",
    });
  }
  const later = new Date(now.getTime() + 2 * 60 * 60 * 1000);
  expect(await changeSlots(custody, "d", signed, later)).toEqual({ ok: false, why: "refused" });
  await turnOn("d2");
  expect(await changeSlots(custody, "d2", signed, now)).toEqual({ ok: false, why: "refused" });
  expect(await changeSlots(custody, "nobody", signed, now)).toEqual({ ok: false, why: "no-vault" });
  expect({ ids: await idsOf("d"), rows: await rowsOf(signed.vaultId) }).toEqual(before);
  expect(await changeSlots(custody, "d", signed, now)).toEqual({ ok: true });
});

test("a change sent twice, or after another, conflicts: neither the ticket nor the write can be replayed", async () => {
  const { signed, session, hand } = await heldBack("e", toNewPassphrase);
  hand.held = false;
  expect(await session.finishKeyChange()).toMatchObject({ ok: true });
  expect(await changeSlots(custody, "e", signed, new Date())).toEqual({ ok: false, why: "conflict" });
  await change(session, {
    kind: "passphrase",
    present: { kind: "passphrase", secret: newPassphrase },
    passphrase: "yet another five good words",
  });
  expect(await changeSlots(custody, "e", signed, new Date())).toEqual({ ok: false, why: "conflict" });
  expect(await opens("e", "passphrase", newPassphrase)).toBe("wrong-passphrase");
});

test("a rightly signed change that leaves no passphrase or no recovery code, or moves a ticket or a slot, is refused", async () => {
  const { signed } = await heldBack("f", toNewPassphrase);
  const { session, sent, hand, recoveryCode } = await turnOn("g");
  hand.held = true;
  await session.prepareKeyChange(toNewPassphrase);
  await session.finishKeyChange();
  const [own] = sent;
  const vault = await readVault(custody, "g");
  if (!own?.slot || !vault) throw new Error("no change or no vault");
  const opened = unlockByRecoveryCode(vault, recoveryCode);
  if (!opened.ok) throw new Error(opened.why);
  const { signingKey } = await deriveVaultKeys(opened.rootKey, vault.vaultId, vault.epoch);
  const before = { ids: await idsOf("g"), rows: await rowsOf(vault.vaultId) };
  const { ids } = before;
  const foreign = await idsOf("f");
  const { slot } = own;
  const recoverySlot = { ...slot, kind: "recovery" as const };
  const wrong: Partial<SlotChange>[] = [
    { keptSlotIds: [] },
    { keptSlotIds: [ids.passphrase] },
    { keptSlotIds: [ids.passphrase, ids.recovery] },
    { keptSlotIds: [foreign.recovery] },
    { keptSlotIds: [ids.recovery, ids.recovery] },
    { slot: recoverySlot, keptSlotIds: [ids.recovery], oprfTicket: null },
    { slot: recoverySlot, keptSlotIds: [ids.passphrase] },
    { slot: { ...slot, id: crypto.randomUUID() } },
    { slot: { ...slot, id: ids.passphrase } },
    { slot: { ...recoverySlot, id: foreign.recovery }, keptSlotIds: [ids.passphrase], oprfTicket: null },
    { slot: { ...recoverySlot, id: ids.recovery }, keptSlotIds: [ids.passphrase], oprfTicket: null },
    { oprfTicket: null },
    { oprfTicket: signed.oprfTicket },
    { slot: signed.slot, oprfTicket: signed.oprfTicket },
  ];
  for (const part of wrong) {
    const changed = { ...own, ...part };
    const signature = sign(signingKey, slotChangeMessage(changed));
    expect(await changeSlots(custody, "g", { ...changed, signature }, new Date())).toEqual({
      ok: false,
      why: "refused",
    });
  }
  expect({ ids: await idsOf("g"), rows: await rowsOf(vault.vaultId) }).toEqual(before);
  expect(await changeSlots(custody, "g", own, new Date())).toEqual({ ok: true });
});

test("a recovery slot that is damaged in the database is replaced by a new code", async () => {
  const { session, recoveryCode } = await turnOn("h");
  const { recovery, vaultId } = await idsOf("h");
  await database.pool.query("update vault_slots set body = $1 where id = $2", [
    Buffer.alloc(99, 1),
    recovery,
  ]);
  expect(await opens("h", "recovery", recoveryCode)).toBe("no-such-slot");
  const code = await change(session, { kind: "recovery", present });
  expect(await opens("h", "recovery", code ?? "")).toBe(true);
  expect((await rowsOf(vaultId)).slots).toHaveLength(2);
});

test("two devices that change keys at once both end with a whole vault", async () => {
  const { session, recoveryCode } = await turnOn("i");
  const server = directVaultServer(custody, "i");
  const other = openVaultSession({ server, random: secureRandom, today: () => "2026-11-23" });
  await other.unlock({ kind: "recovery", secret: recoveryCode });
  await session.prepareKeyChange(toNewPassphrase);
  const prepared = await other.prepareKeyChange({ kind: "recovery", present });
  if (!prepared.ok) throw new Error(prepared.why);
  const outcomes = await Promise.all([session.finishKeyChange(), other.finishKeyChange()]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
  expect(await opens("i", "passphrase", newPassphrase)).toBe(true);
  expect(await opens("i", "recovery", prepared.recoveryCode ?? "")).toBe(true);
  expect(await opens("i", "recovery", recoveryCode)).toBe("wrong-recovery-code");
});

/** Adds a passkey to the open vault; gives its answer, as often as asked. */
async function addPasskey(session: VaultSession, by: KeyChange["present"]) {
  const prepared = await session.prepareKeyChange({ kind: "passkey", present: by, name: "Phone" });
  if (!prepared.ok) throw new Error(prepared.why);
  const secret = { credentialId: secureRandom(16), first: secureRandom(32), second: secureRandom(32) };
  const answer = () => structuredClone({ ...secret, host: "localhost" });
  await session.answerPasskey(answer());
  expect(await session.finishKeyChange()).toMatchObject({ ok: true });
  return () => ({ kind: "passkey" as const, ...answer() });
}

test("a passkey is a slot row without an OPRF key, beside the two that stay; removed, its row is gone", async () => {
  const { session, recoveryCode } = await turnOn("j");
  const before = await idsOf("j");
  const answer = await addPasskey(session, present);
  const vault = await readVault(custody, "j");
  const passkeyId = vault?.slots.find(({ kind }) => kind === "passkey")?.id ?? "";
  expect(await rowsOf(before.vaultId)).toEqual({
    slots: [before.passphrase, before.recovery, passkeyId].toSorted(),
    keys: [before.passphrase, "shred"].toSorted(),
  });
  expect(await readPasskeys(custody, "j")).toMatchObject([{ host: "localhost" }]);
  expect(await readPasskeys(custody, "nobody")).toEqual([]);
  const server = directVaultServer(custody, "j");
  const later = openVaultSession({ server, random: secureRandom, today: () => "2026-11-23" });
  expect(await later.unlock(answer())).toMatchObject({ ok: true });
  await change(session, { kind: "removal", present: answer(), slotId: passkeyId });
  expect((await rowsOf(before.vaultId)).slots).toEqual([before.passphrase, before.recovery].toSorted());
  expect(await later.unlock(answer())).toEqual({ ok: false, why: "no-such-slot" });
  expect(await opens("j", "recovery", recoveryCode)).toBe(true);
  expect(await opens("j", "passphrase", oldPassphrase)).toBe(true);
});

test("a passkey is never the only way, however well the change is signed; there are six at most, and none brings a ticket", async () => {
  const { signed } = await heldBack("k", toNewPassphrase);
  const { session, sent, recoveryCode } = await turnOn("l");
  const byCode = { kind: "recovery" as const, secret: recoveryCode };
  for (let count = 0; count < 6; count += 1) await addPasskey(session, byCode);
  const own = sent.at(-1);
  const vault = await readVault(custody, "l");
  if (!own?.slot || !vault) throw new Error("no change or no vault");
  const opened = unlockByRecoveryCode(vault, recoveryCode);
  if (!opened.ok) throw new Error(opened.why);
  const { signingKey } = await deriveVaultKeys(opened.rootKey, vault.vaultId, vault.epoch);
  const ids = await idsOf("l");
  const passkeys = vault.slots.flatMap(({ id, kind }) => (kind === "passkey" ? [id] : []));
  const all = vault.slots.map(({ id }) => id);
  const fresh = { ...own.slot, id: crypto.randomUUID() };
  const [onePasskey = ""] = passkeys;
  const fewer = all.filter((id) => id !== onePasskey);
  const wrong: Partial<SlotChange>[] = [
    { slot: null, keptSlotIds: passkeys },
    { slot: null, keptSlotIds: [...passkeys, ids.recovery] },
    { slot: null, keptSlotIds: [...passkeys, ids.passphrase] },
    { slot: null, keptSlotIds: [ids.passphrase] },
    { slot: null, keptSlotIds: [ids.recovery] },
    { slot: null, keptSlotIds: [] },
    { slot: fresh, keptSlotIds: [] },
    { slot: fresh, keptSlotIds: [ids.passphrase] },
    { slot: fresh, keptSlotIds: all },
    { slot: fresh, keptSlotIds: fewer, oprfTicket: signed.oprfTicket },
    { slot: null, keptSlotIds: fewer, oprfTicket: signed.oprfTicket },
    { slot: { ...fresh, id: onePasskey }, keptSlotIds: fewer },
    { slot: { ...fresh, kind: "recovery" }, keptSlotIds: fewer },
  ];
  const before = await rowsOf(vault.vaultId);
  const send = (part: Partial<SlotChange>) => {
    const changed = { ...own, previousSequence: vault.sequence, ...part };
    const signature = sign(signingKey, slotChangeMessage(changed));
    return changeSlots(custody, "l", { ...changed, signature }, new Date());
  };
  for (const part of wrong) expect(await send(part)).toEqual({ ok: false, why: "refused" });
  expect(await rowsOf(vault.vaultId)).toEqual(before);
  expect(await send({ slot: null, keptSlotIds: fewer })).toEqual({ ok: true });
  expect((await rowsOf(vault.vaultId)).slots).toEqual(fewer.toSorted());
});
