/** Changes the ways to unlock an open vault: shows that its reader is present, makes the new slot, has what goes destroyed. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import { newPasskeySalt } from "../passkey-question";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type {
  FinishKeyOutcome,
  KeyChange,
  OnStep,
  PasskeyAnswer,
  PrepareKeyOutcome,
} from "../unlocked-history";
import type { Slot, SlotChange, VaultServer, VaultSnapshot } from "../vault-contents";
import { slotChangeMessage } from "../vault-write";
import { type Manifest, manifestHash, sealManifest } from "./manifest";
import { newPasskeySlot, newPassphraseSlot, newRecoverySlot } from "./new-slot";
import { judgePassphrase } from "./passphrase-strength";
import { checkPresent, fetchInto } from "./present-secret";
import { type RootKey, rootKeyFrom } from "./root-key";
import type { UnlockedState } from "./saving";
import { slotsDigest } from "./slot";
import { newSlotNote, noteOf, notesFor } from "./slot-note";

interface KeyWorld {
  server: VaultServer;
  random: RandomBytes;
  today: () => string;
}

/** `proved` is the slot that the reader's present secret opened. */
type PreparedSlot = {
  kind: "slot";
  proved: Slot;
  slot: Slot;
  oprfTicket: Uint8Array | null;
  name: string | null;
};
type PreparedRemoval = { kind: "removal"; proved: Slot; slotId: string };
/** Keeps the root key until the passkey has answered, was given up, or the vault is locked. */
type PreparedPasskey = {
  kind: "passkey";
  proved: Slot;
  vaultId: string;
  epoch: number;
  rootKey: RootKey;
  salt: Uint8Array;
  name: string;
};
export type PreparedKey = PreparedSlot | PreparedRemoval | PreparedPasskey;

type Failure = Exclude<PrepareKeyOutcome, { ok: true }>;
type Prepared = {
  ok: true;
  prepared: PreparedKey;
  recoveryCode: string | null;
  passkeySalt: Uint8Array | null;
};

const mostAttempts = 5;

/** Asks for a present secret, because the root key is kept nowhere, and because an open page is no proof of its reader. */
export async function prepareKey(
  state: UnlockedState,
  change: KeyChange,
  world: KeyWorld,
  onStep: OnStep,
): Promise<Prepared | Failure> {
  if (change.kind === "passphrase") {
    const judged = judgePassphrase(change.passphrase, change.cardNumber);
    if (!judged.ok) return { ok: false, why: judged.why };
  }
  if (state.rollback !== null) return { ok: false, why: "rollback-unsettled" };
  const proof = await checkPresent(state, change.present, world, onStep);
  if (!proof.ok) return proof;
  const { vault, rootKey, slot: proved } = proof;
  try {
    return await prepareFrom(vault, rootKey, proved, change, world, onStep);
  } finally {
    rootKey.fill(0);
  }
}

async function prepareFrom(
  vault: VaultSnapshot,
  rootKey: RootKey,
  proved: Slot,
  change: KeyChange,
  world: KeyWorld,
  onStep: OnStep,
): Promise<Prepared | Failure> {
  const nothing = { ok: true as const, recoveryCode: null, passkeySalt: null };
  const { vaultId, epoch } = vault;
  switch (change.kind) {
    case "passphrase": {
      const made = await newPassphraseSlot(vault, change.passphrase, rootKey, world, onStep);
      if (!made.ok) return made.why === "bad-answer" ? { ok: false, why: "refused" } : made;
      const { slot, oprfTicket } = made;
      return { ...nothing, prepared: { kind: "slot", proved, slot, oprfTicket, name: null } };
    }
    case "recovery": {
      const { slot, recoveryCode } = newRecoverySlot(vault, rootKey, world.random);
      const prepared = { kind: "slot" as const, proved, slot, oprfTicket: null, name: null };
      return { ...nothing, prepared, recoveryCode };
    }
    case "passkey": {
      const salt = newPasskeySalt(world.random);
      const kept = rootKeyFrom(Uint8Array.from(rootKey));
      const { kind, name } = change;
      const prepared: PreparedPasskey = { kind, proved, vaultId, epoch, rootKey: kept, salt, name };
      return { ...nothing, prepared, passkeySalt: Uint8Array.from(salt) };
    }
    case "removal": {
      const gone = vault.slots.find(({ id }) => id === change.slotId);
      if (gone?.kind !== "passkey") return { ok: false, why: "no-such-slot" };
      return { ...nothing, prepared: { kind: "removal", proved, slotId: gone.id } };
    }
  }
}

/** The passkey that was asked for has been made. The outputs and the root key are overwritten. */
export function answerPasskey(
  prepared: PreparedPasskey,
  answer: PasskeyAnswer & { host: string },
  { random }: KeyWorld,
): PreparedKey {
  const { rootKey, salt, name, proved } = prepared;
  const { credentialId, host } = answer;
  const slot = newPasskeySlot(prepared, { salt, credentialId, host }, answer, rootKey, random);
  for (const bytes of [answer.first, answer.second, rootKey]) bytes.fill(0);
  return { kind: "slot", proved, slot, oprfTicket: null, name };
}

export function forgetPrepared(prepared: PreparedKey): void {
  if (prepared.kind === "passkey") prepared.rootKey.fill(0);
}

type Storing = { ok: true } | Exclude<FinishKeyOutcome, { ok: true }>;

/**
 * Stores the prepared change under the next manifest. What is not yet saved stays so. A vault that has taken it already
 * has only had its answer lost.
 */
export async function storeKey(
  state: UnlockedState,
  prepared: PreparedSlot | PreparedRemoval,
  world: KeyWorld,
): Promise<Storing> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const fetched = await fetchInto(state, world.server);
    if (!fetched.ok) return fetched;
    if (state.keys.forgotten) return { ok: false, why: "locked" };
    const { slots } = fetched.vault;
    if (isDone(state, prepared, slots)) return { ok: true };
    const vouched = (slot: Slot) => isVouched(state, slot, prepared.proved);
    // A passkey that nobody vouches for is not kept: it dies with this change.
    const kept = staying(prepared, slots).filter((slot) => slot.kind !== "passkey" || vouched(slot));
    if (!kept.every(vouched)) return { ok: false, why: "slots-altered" };
    const { change, manifest } = planChange(state, prepared, kept, world);
    const answer = await world.server.changeSlots(change);
    if (answer.ok) {
      state.opened.manifest = manifest;
      state.opened.hash = manifestHash(change.manifest);
      state.opened.slots = change.slot ? [...kept, change.slot] : kept;
      state.opened.slotsAltered = false;
      return answer;
    }
    if (answer.why !== "conflict") return answer;
  }
  return { ok: false, why: "conflict" };
}

function isDone(state: UnlockedState, prepared: PreparedSlot | PreparedRemoval, slots: Slot[]): boolean {
  if (prepared.kind === "slot") return slots.some(({ id }) => id === prepared.slot.id);
  return !state.opened.slotsAltered && slots.every(({ id }) => id !== prepared.slotId);
}

/** All but the one that is removed, or those of the kind that a vault has once. */
function staying(prepared: PreparedSlot | PreparedRemoval, slots: Slot[]): Slot[] {
  if (prepared.kind === "removal") return slots.filter(({ id }) => id !== prepared.slotId);
  const { kind: replaced } = prepared.slot;
  return slots.filter(({ kind }) => kind === "passkey" || kind !== replaced);
}

/** A new digest must never bless a slot that somebody put in: an old wrap brought back, say. */
function isVouched({ opened }: UnlockedState, slot: Slot, proved: Slot): boolean {
  if (!opened.slotsAltered || noteOf(slot, opened.manifest.slots) !== null) return true;
  return slot.id === proved.id && equalBytes(slot.blob, proved.blob);
}

function planChange(
  { opened, keys }: UnlockedState,
  prepared: PreparedSlot | PreparedRemoval,
  kept: Slot[],
  { random, today }: KeyWorld,
): { change: SlotChange; manifest: Manifest } {
  const { vaultId, epoch, sequence, slots: notes } = opened.manifest;
  const { slot, oprfTicket, name } =
    prepared.kind === "slot" ? prepared : { slot: null, oprfTicket: null, name: null };
  const keptNotes = notesFor(kept, notes, { slotId: prepared.proved.id, day: today() });
  const manifest: Manifest = {
    ...opened.manifest,
    sequence: sequence + 1,
    previousHash: opened.hash,
    slotsDigest: slotsDigest(slot ? [...kept, slot] : kept),
    slots: slot ? [...keptNotes, newSlotNote(slot, today(), name)] : keptNotes,
  };
  const unsigned: Omit<SlotChange, "signature"> = {
    vaultId,
    epoch,
    previousSequence: sequence,
    manifest: sealManifest(keys.manifestKey, manifest, random),
    slot,
    keptSlotIds: kept.map(({ id }) => id),
    oprfTicket,
  };
  return { change: { ...unsigned, signature: sign(keys.signingKey, slotChangeMessage(unsigned)) }, manifest };
}
