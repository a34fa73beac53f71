/** Starts a vault afresh: new keys for everything in it, made in memory, then stored at once in place of the old ones. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import { genesisHash } from "../inbox-chain";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type { AfreshChoice, FinishAfreshOutcome, OnStep, PrepareAfreshOutcome } from "../unlocked-history";
import { type Afresh, maxAfreshChapterBytes, type VaultServer, type VaultSnapshot } from "../vault-contents";
import { afreshMessage } from "../vault-write";
import { type Manifest, manifestHash, sealManifest } from "./manifest";
import {
  forgetHeld,
  type HeldSecrets,
  type NewPassphraseSlot,
  newRecoverySlot,
  stretchNew,
  wrapForPassphrase,
} from "./new-slot";
import { isSubstituted, mergeInbox, type OpenVault, openVault } from "./open-vault";
import { normalizePassphrase } from "./passphrase";
import { judgePassphrase } from "./passphrase-strength";
import { checkPresent } from "./present-secret";
import { deriveVaultKeys, forgetKeys, newRootKey, type VaultKeys } from "./root-key";
import { takeIn, type UnlockedState } from "./saving";
import { slotsDigest } from "./slot";
import { newSlotNote } from "./slot-note";

interface AfreshWorld {
  server: VaultServer;
  random: RandomBytes;
  today: () => string;
}

type MadeSlot = Extract<NewPassphraseSlot, { ok: true }>;

export interface PreparedAfresh {
  keys: VaultKeys;
  held: HeldSecrets;
  passphrase: Pick<MadeSlot, "slot" | "oprfTicket">;
  recovery: MadeSlot["slot"];
  /** What its reader knows to be given up. */
  losses: Losses;
}

interface Losses {
  chapters: number;
  rows: number;
}

type Refusal = Exclude<PrepareAfreshOutcome, { ok: true }>;

const mostAttempts = 8;
/** What one opened event can add to a chapter, before it is deflated. */
const entryBytes = 1024;

/** Stores nothing. The present secret is asked for because whoever found the page open must not take the vault over. */
export async function prepareAfresh(
  state: UnlockedState,
  choice: AfreshChoice,
  world: AfreshWorld,
  onStep: OnStep,
): Promise<{ ok: true; prepared: PreparedAfresh; recoveryCode: string } | Refusal> {
  const judged = judgePassphrase(choice.passphrase, choice.cardNumber);
  if (!judged.ok) return { ok: false, why: judged.why };
  if (isPresent(choice)) return { ok: false, why: "same-passphrase" };
  if (state.rollback !== null) return { ok: false, why: "rollback-unsettled" };
  const losses = lossesOf(state);
  const proof = await checkPresent(state, choice.present, world, onStep);
  if (!proof.ok) return proof;
  proof.rootKey.fill(0);
  if (losesMore(state, losses)) return { ok: false, why: "damaged" };
  const { vault } = proof;
  if (estimatedBytes(vault) > maxAfreshChapterBytes) return { ok: false, why: "too-large" };

  const next = { vaultId: vault.vaultId, epoch: vault.epoch + 1 };
  const held = {
    ...(await stretchNew(choice.passphrase, world.random, onStep)),
    rootKey: newRootKey(world.random),
  };
  const made = await wrapForPassphrase(next, held, world, onStep);
  if (!made.ok) {
    forgetHeld(held);
    return made.why === "bad-answer" ? { ok: false, why: "refused" } : made;
  }
  const { slot: recovery, recoveryCode } = newRecoverySlot(next, held.rootKey, world.random);
  const keys = await deriveVaultKeys(held.rootKey, next.vaultId, next.epoch);
  return { ok: true, prepared: { keys, held, passphrase: made, recovery, losses }, recoveryCode };
}

export function forgetAfresh({ keys, held }: PreparedAfresh): void {
  forgetKeys(keys);
  forgetHeld(held);
}

type Storing = { ok: true } | Exclude<FinishAfreshOutcome, { ok: true }>;

/**
 * Takes in whatever came meanwhile, seals all of it under the new keys, and sends it; again as long as another device or a
 * loan comes in between; `damaged` when more would be given up than was known. A vault that has the new signing key already has taken it, and only its answer was lost.
 * Afterwards `state` is the vault under its new keys, and the old ones are overwritten.
 */
export async function storeAfresh(
  state: UnlockedState,
  prepared: PreparedAfresh,
  world: AfreshWorld,
  onStep: OnStep,
): Promise<Storing> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    onStep("fetching");
    const fetched = await world.server.fetchVault();
    if (!fetched.ok) return fetched;
    const { vault } = fetched;
    if (vault === null) return { ok: false, why: "no-vault" };
    if (prepared.keys.forgotten) return { ok: false, why: "locked" };
    if (isOf(vault, prepared)) return takeStored(state, vault, prepared);
    const taken = await takeIn(state, vault);
    if (!taken.ok) return taken;
    if (losesMore(state, prepared.losses)) return { ok: false, why: "damaged" };
    onStep("saving");
    const planned = await planWithKeys(state, vault, prepared, world);
    if (planned === null) return { ok: false, why: "locked" };
    const answer = await world.server.startAfresh(planned.afresh);
    if (answer.ok) {
      turnTo(state, planned.opened, prepared);
      return answer;
    }
    if (answer.why === "stale-ticket") {
      const renewed = await renew(prepared, planned.afresh, world, onStep);
      if (!renewed.ok) return renewed;
      continue;
    }
    if (answer.why !== "conflict") return answer;
  }
  return { ok: false, why: "conflict" };
}

/** The passphrase that may have leaked must not come back as the new one. A recovery code cannot tell. */
function isPresent({ present, passphrase }: AfreshChoice): boolean {
  return (
    present.kind === "passphrase" && normalizePassphrase(present.secret) === normalizePassphrase(passphrase)
  );
}

function lossesOf({ opened }: UnlockedState): Losses {
  return { chapters: opened.shelf.lost.length, rows: opened.unreadableInbox };
}

/** Nothing is given up that its reader has not been told of: it may have been damaged this very moment, or on its way. */
function losesMore(state: UnlockedState, told: Losses): boolean {
  const { chapters, rows } = lossesOf(state);
  return chapters > told.chapters || rows > told.rows;
}

function estimatedBytes({ chapters, inbox }: VaultSnapshot): number {
  return chapters.reduce((sum, { blob }) => sum + blob.length, inbox.length * entryBytes);
}

function isOf(vault: VaultSnapshot, { keys }: PreparedAfresh): boolean {
  return equalBytes(vault.signPublicKey, keys.signPublicKey) && !isSubstituted(vault, keys);
}

async function takeStored(
  state: UnlockedState,
  vault: VaultSnapshot,
  prepared: PreparedAfresh,
): Promise<Storing> {
  const read = await openVault(vault, prepared.keys);
  if (prepared.keys.forgotten) return { ok: false, why: "locked" };
  if (!read.ok) return read;
  turnTo(state, read.opened, prepared);
  await mergeInbox(state.opened, vault, state.keys, state.openedRows);
  if (state.opened.gaps > 0) state.gapSeen = true;
  return { ok: true };
}

/** From here on the old keys open and sign nothing, here as on the server. */
function turnTo(state: UnlockedState, opened: OpenVault, prepared: PreparedAfresh): void {
  forgetKeys(state.keys);
  forgetHeld(prepared.held);
  state.keys = prepared.keys;
  state.opened = opened;
  state.openedRows.clear();
  state.removals.clear();
  state.use = null;
}

/** In place: the session forgets what it prepared when it locks, and that must find the newest. */
async function renew(
  prepared: PreparedAfresh,
  place: Pick<Afresh, "vaultId" | "epoch">,
  world: AfreshWorld,
  onStep: OnStep,
): Promise<Storing> {
  const made = await wrapForPassphrase(
    { vaultId: place.vaultId, epoch: place.epoch + 1 },
    prepared.held,
    world,
    onStep,
  );
  if (!made.ok) return made.why === "bad-answer" ? { ok: false, why: "refused" } : made;
  prepared.passphrase = made;
  return { ok: true };
}

/** Null when the keys were overwritten while sealing. */
async function planWithKeys(
  state: UnlockedState,
  vault: VaultSnapshot,
  prepared: PreparedAfresh,
  world: AfreshWorld,
): Promise<{ afresh: Afresh; opened: OpenVault } | null> {
  try {
    return await plan(state, vault, prepared, world);
  } catch (cause) {
    if (prepared.keys.forgotten || state.keys.forgotten) return null;
    throw cause;
  }
}

/**
 * The chain of manifests goes on across the epochs, the chain of the inbox begins anew. Rows that do not open and chapters
 * that are lost are given up: the keys that they are sealed to end here.
 */
async function plan(
  { opened, keys: oldKeys }: UnlockedState,
  vault: VaultSnapshot,
  { keys, passphrase, recovery }: PreparedAfresh,
  { random, today }: AfreshWorld,
): Promise<{ afresh: Afresh; opened: OpenVault }> {
  const { vaultId, epoch, sequence } = opened.manifest;
  const next = { vaultId, epoch: epoch + 1 };
  const slots = [passphrase.slot, recovery];
  const shelf = opened.shelf.rewritten();
  const sealed = await shelf.seal(keys.chapterKey, next, random);
  const manifest: Manifest = {
    ...opened.manifest,
    ...next,
    sequence: sequence + 1,
    previousHash: opened.hash,
    slotsDigest: slotsDigest(slots),
    inboxTips: [genesisHash(next.vaultId, next.epoch)],
    inboxGaps: opened.manifest.inboxGaps + opened.gaps,
    chapters: sealed.listed,
    slots: slots.map((slot) => newSlotNote(slot, today(), null)),
  };
  const unsigned: Omit<Afresh, "signature" | "proof"> = {
    vaultId,
    epoch,
    previousSequence: sequence,
    recipient: keys.recipient,
    signPublicKey: keys.signPublicKey,
    slots,
    oprfTicket: passphrase.oprfTicket,
    manifest: sealManifest(keys.manifestKey, manifest, random),
    chapters: sealed.chapters,
    settledInboxIds: vault.inbox.map(({ id }) => id),
  };
  const message = afreshMessage(unsigned);
  const afresh = {
    ...unsigned,
    signature: sign(oldKeys.signingKey, message),
    proof: sign(keys.signingKey, message),
  };
  shelf.saved(sealed);
  return {
    afresh,
    opened: {
      manifest,
      hash: manifestHash(afresh.manifest),
      shelf,
      slots,
      slotsAltered: false,
      mergedInboxIds: [],
      tips: manifest.inboxTips,
      gaps: 0,
      unreadableInbox: 0,
    },
  };
}
