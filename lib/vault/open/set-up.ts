/** Makes a new vault: its keys, its two slots, its first manifest, in memory until the server takes them. */
import "./marker";
import { genesisHash } from "../inbox-chain";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type { FinishSetUpOutcome, OnStep, PrepareSetUpOutcome } from "../unlocked-history";
import type { Slot, VaultCreation, VaultServer, VaultSnapshot } from "../vault-contents";
import { creationMessage, firstSequence } from "../vault-write";
import { type Manifest, sealManifest } from "./manifest";
import {
  forgetHeld,
  type HeldSecrets,
  type NewPassphraseSlot,
  newRecoverySlot,
  stretchNew,
  wrapForPassphrase,
} from "./new-slot";
import { type OpenVault, openVault } from "./open-vault";
import { judgePassphrase } from "./passphrase-strength";
import { deriveVaultKeys, forgetKeys, newRootKey, type VaultKeys } from "./root-key";
import { slotsDigest } from "./slot";
import { newSlotNote } from "./slot-note";
import { newUuid } from "./uuid";

export interface PreparedVault {
  creation: VaultCreation;
  manifest: Manifest;
  keys: VaultKeys;
  recoveryCode: string;
  held: HeldSecrets;
}

interface SetUpWorld {
  server: VaultServer;
  random: RandomBytes;
  today: () => string;
}

type Refusal = Exclude<PrepareSetUpOutcome, { ok: true }> | { ok: false; why: "bad-answer" };

const firstEpoch = 1;

/** `bad-answer`: what the server gave as its half is not a group element. */
export async function prepareVault(
  choice: { passphrase: string; cardNumber?: string },
  world: SetUpWorld,
  onStep: OnStep,
): Promise<{ ok: true; prepared: PreparedVault } | Refusal> {
  const { random } = world;
  const judged = judgePassphrase(choice.passphrase, choice.cardNumber);
  if (!judged.ok) return { ok: false, why: judged.why };

  const vault = { vaultId: newUuid(random), epoch: firstEpoch };
  const held = { ...(await stretchNew(choice.passphrase, random, onStep)), rootKey: newRootKey(random) };
  const made = await wrapForPassphrase(vault, held, world, onStep);
  if (!made.ok) {
    forgetHeld(held);
    return made;
  }
  const { slot, recoveryCode } = newRecoverySlot(vault, held.rootKey, random);
  const keys = await deriveVaultKeys(held.rootKey, vault.vaultId, vault.epoch);
  const composed = compose({ ...vault, keys, birthday: world.today() }, made, slot, random);
  return { ok: true, prepared: { ...composed, keys, recoveryCode, held } };
}

/**
 * Stores the prepared vault and opens it as it then stands. After an answer that never arrived, the vault that exists may
 * be the very one that was sent: so it may be called again.
 */
export async function storePrepared(
  prepared: PreparedVault,
  world: SetUpWorld,
): Promise<{ ok: true; opened: OpenVault } | Exclude<FinishSetUpOutcome, { ok: true }>> {
  const created = await sendPrepared(prepared, world);
  if (!created.ok && created.why !== "exists") return created;
  const fetched = await world.server.fetchVault();
  const stored = fetched.ok ? fetched.vault : null;
  if (!created.ok && stored?.vaultId !== prepared.creation.vaultId) {
    return fetched.ok || fetched.why === "damaged" ? { ok: false, why: "exists" } : fetched;
  }
  if (prepared.keys.forgotten) return { ok: false, why: "locked" };
  const opened = await openVault(stored ?? asStored(prepared), prepared.keys);
  if (prepared.keys.forgotten) return { ok: false, why: "locked" };
  if (!opened.ok) return { ok: false, why: "refused" };
  forgetHeld(prepared.held);
  return opened;
}

type Sent = { ok: true } | { ok: false; why: "exists" } | Exclude<FinishSetUpOutcome, { ok: true }>;

/**
 * Has the server store the prepared vault. A ticket that went stale, by its hour or by the day's new master, is renewed
 * once, in place: same keys, same passphrase, same recovery code around a new OPRF key.
 */
async function sendPrepared(prepared: PreparedVault, world: SetUpWorld): Promise<Sent> {
  const first = await world.server.createVault(prepared.creation);
  if (first.ok || first.why !== "stale-ticket") return first;
  const { creation, manifest, keys, held } = prepared;
  const { vaultId, epoch } = creation;
  const made = await wrapForPassphrase({ vaultId, epoch }, held, world, () => {});
  if (keys.forgotten) return { ok: false, why: "locked" };
  if (!made.ok && (made.why === "offline" || made.why === "signed-out")) return { ok: false, why: made.why };
  const recovery = creation.slots.find(({ kind }) => kind === "recovery");
  if (!made.ok || recovery === undefined) return { ok: false, why: "refused" };
  const whose = { vaultId, epoch, keys, birthday: manifest.birthday };
  Object.assign(prepared, compose(whose, made, recovery, world.random));
  const second = await world.server.createVault(prepared.creation);
  return second.ok || second.why !== "stale-ticket" ? second : { ok: false, why: "refused" };
}

/** A vault as the server holds it right after its creation. */
function asStored({ creation, manifest }: PreparedVault): VaultSnapshot {
  return {
    ...creation,
    intakePublicKey: manifest.intakePublicKey,
    sequence: manifest.sequence,
    chapters: [],
    inbox: [],
  };
}

export function forgetSetUp({ keys, held }: PreparedVault): void {
  forgetKeys(keys);
  forgetHeld(held);
}

function compose(
  { keys, ...vault }: { vaultId: string; epoch: number; keys: VaultKeys; birthday: string },
  made: Extract<NewPassphraseSlot, { ok: true }>,
  recoverySlot: Slot,
  random: RandomBytes,
): { creation: VaultCreation; manifest: Manifest } {
  const { vaultId, epoch } = vault;
  const slots = [made.slot, recoverySlot];
  const manifest: Manifest = {
    ...vault,
    sequence: firstSequence,
    previousHash: new Uint8Array(32),
    intakePublicKey: made.intakePublicKey,
    slotsDigest: slotsDigest(slots),
    inboxTips: [genesisHash(vaultId, epoch)],
    inboxGaps: 0,
    chapters: [],
    slots: slots.map((slot) => newSlotNote(slot, vault.birthday)),
  };
  const unsigned: Omit<VaultCreation, "signature"> = {
    vaultId,
    epoch,
    recipient: keys.recipient,
    signPublicKey: keys.signPublicKey,
    slots,
    oprfTicket: made.oprfTicket,
    manifest: sealManifest(keys.manifestKey, manifest, random),
  };
  const creation = { ...unsigned, signature: sign(keys.signingKey, creationMessage(unsigned)) };
  return { creation, manifest };
}
