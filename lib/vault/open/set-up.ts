/** Prepares a new vault: its keys, its two slots, its first manifest, all in memory until the server takes them. */
import "./marker";
import { genesisHash } from "../inbox-chain";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type { OnStep, PrepareSetUpOutcome } from "../unlocked-history";
import type { Slot, VaultCreation, VaultServer } from "../vault-contents";
import { creationMessage, firstSequence } from "../vault-write";
import { type Manifest, sealManifest } from "./manifest";
import { newPassphraseSlot, newRecoverySlot } from "./new-slot";
import { judgePassphrase } from "./passphrase-strength";
import { deriveVaultKeys, newRootKey, type VaultKeys } from "./root-key";
import { slotsDigest } from "./slot";
import { newSlotNote } from "./slot-note";
import { newUuid } from "./uuid";

export interface PreparedVault {
  creation: VaultCreation;
  manifest: Manifest;
  keys: VaultKeys;
  recoveryCode: string;
}

type Refusal = Exclude<PrepareSetUpOutcome, { ok: true }> | { ok: false; why: "bad-answer" };

const firstEpoch = 1;

/** `bad-answer`: what the server gave as its half is not a group element. */
export async function prepareVault(
  choice: { passphrase: string; cardNumber?: string },
  world: { server: VaultServer; random: RandomBytes; today: () => string },
  onStep: OnStep,
): Promise<{ ok: true; prepared: PreparedVault } | Refusal> {
  const { random } = world;
  const judged = judgePassphrase(choice.passphrase, choice.cardNumber);
  if (!judged.ok) return { ok: false, why: judged.why };

  const vault = { vaultId: newUuid(random), epoch: firstEpoch };
  const rootKey = newRootKey(random);
  const made = await newPassphraseSlot(vault, choice.passphrase, rootKey, world, onStep);
  if (!made.ok) return made;
  const { slot: recoverySlot, recoveryCode } = newRecoverySlot(vault, rootKey, random);
  const slots: Slot[] = [made.slot, recoverySlot];

  const keys = await deriveVaultKeys(rootKey, vault.vaultId, vault.epoch);
  rootKey.fill(0);
  const manifest: Manifest = {
    ...vault,
    sequence: firstSequence,
    previousHash: new Uint8Array(32),
    birthday: world.today(),
    intakePublicKey: made.intakePublicKey,
    slotsDigest: slotsDigest(slots),
    inboxTips: [genesisHash(vault.vaultId, vault.epoch)],
    inboxGaps: 0,
    chapters: [],
    slots: slots.map((slot) => newSlotNote(slot, world.today())),
  };
  const unsigned: Omit<VaultCreation, "signature"> = {
    ...vault,
    recipient: keys.recipient,
    signPublicKey: keys.signPublicKey,
    slots,
    oprfTicket: made.oprfTicket,
    manifest: sealManifest(keys.manifestKey, manifest, random),
  };
  const creation = { ...unsigned, signature: sign(keys.signingKey, creationMessage(unsigned)) };
  return { ok: true, prepared: { creation, manifest, keys, recoveryCode } };
}
