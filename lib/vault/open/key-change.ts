/** Replaces one way to unlock an open vault: shows that its reader is present, makes the new slot, has the old one destroyed. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type { FinishKeyOutcome, KeyChange, OnStep, PrepareKeyOutcome } from "../unlocked-history";
import type { Slot, SlotChange, VaultServer } from "../vault-contents";
import { slotChangeMessage } from "../vault-write";
import { type Manifest, manifestHash, sealManifest } from "./manifest";
import { newPassphraseSlot, newRecoverySlot } from "./new-slot";
import { judgePassphrase } from "./passphrase-strength";
import { checkPresent, fetchInto } from "./present-secret";
import type { UnlockedState } from "./saving";
import { slotsDigest } from "./slot";

interface KeyWorld {
  server: VaultServer;
  random: RandomBytes;
}

export interface PreparedKey {
  slot: Slot;
  oprfTicket: Uint8Array | null;
  /** The slot that the reader's present secret opened. */
  proved: Slot;
}

type Failure = Exclude<PrepareKeyOutcome, { ok: true }>;
type Prepared = { ok: true; prepared: PreparedKey; recoveryCode: string | null };

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
  const proof = await checkPresent(state, change.present, world, onStep);
  if (!proof.ok) return proof;
  const { vault, rootKey, slot: proved } = proof;
  try {
    if (change.kind === "recovery") {
      const { slot, recoveryCode } = newRecoverySlot(vault, rootKey, world.random);
      return { ok: true, prepared: { slot, oprfTicket: null, proved }, recoveryCode };
    }
    const made = await newPassphraseSlot(vault, change.passphrase, rootKey, world, onStep);
    if (!made.ok) return made.why === "bad-answer" ? { ok: false, why: "refused" } : made;
    const { slot, oprfTicket } = made;
    return { ok: true, prepared: { slot, oprfTicket, proved }, recoveryCode: null };
  } finally {
    rootKey.fill(0);
  }
}

type Storing = { ok: true } | Exclude<FinishKeyOutcome, { ok: true }>;

/**
 * Stores the prepared slot in place of the one of its kind, under the next manifest. What is not yet saved stays so.
 * A vault that holds the slot already has taken it, and only its answer was lost.
 */
export async function storeKey(
  state: UnlockedState,
  prepared: PreparedKey,
  world: KeyWorld,
): Promise<Storing> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const fetched = await fetchInto(state, world.server);
    if (!fetched.ok) return fetched;
    if (state.keys.forgotten) return { ok: false, why: "locked" };
    const { slots } = fetched.vault;
    if (slots.some(({ id }) => id === prepared.slot.id)) return { ok: true };
    const kept = slots.filter(({ kind }) => kind !== prepared.slot.kind);
    if (!vouched(state, slots, kept, prepared.proved)) return { ok: false, why: "slots-altered" };
    const { change, manifest } = planChange(state, prepared, kept, world.random);
    const answer = await world.server.changeSlots(change);
    if (answer.ok) {
      state.opened.manifest = manifest;
      state.opened.hash = manifestHash(change.manifest);
      state.opened.slotsAltered = false;
      return answer;
    }
    if (answer.why !== "conflict") return answer;
  }
  return { ok: false, why: "conflict" };
}

/** A new digest must never bless a slot that somebody put in: an old wrap brought back, say. */
function vouched(state: UnlockedState, slots: Slot[], kept: Slot[], proved: Slot): boolean {
  if (equalBytes(slotsDigest(slots), state.opened.manifest.slotsDigest)) return true;
  return kept.every(({ id, blob }) => id === proved.id && equalBytes(blob, proved.blob));
}

function planChange(
  { opened, keys }: UnlockedState,
  { slot, oprfTicket }: PreparedKey,
  kept: Slot[],
  random: RandomBytes,
): { change: SlotChange; manifest: Manifest } {
  const { vaultId, epoch, sequence } = opened.manifest;
  const manifest: Manifest = {
    ...opened.manifest,
    sequence: sequence + 1,
    previousHash: opened.hash,
    slotsDigest: slotsDigest([...kept, slot]),
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
