/** Prepares a new vault: its keys, its two slots, its first manifest, all in memory until the server takes them. */
import "./marker";
import { genesisHash } from "../inbox-chain";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type { OnStep, PrepareSetUpOutcome } from "../unlocked-history";
import type { Slot, VaultCreation, VaultServer } from "../vault-contents";
import { creationMessage, firstSequence } from "../vault-write";
import { type Manifest, sealManifest } from "./manifest";
import { blindStretched, passphraseKey, saltBytes, stretch } from "./passphrase";
import { judgePassphrase } from "./passphrase-strength";
import { formatRecoveryCode, newRecoveryCode, recoveryKey } from "./recovery-code";
import { deriveVaultKeys, newRootKey, type VaultKeys } from "./root-key";
import { sealSlot, slotsDigest } from "./slot";
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
  const { server, random } = world;
  const judged = judgePassphrase(choice.passphrase, choice.cardNumber);
  if (!judged.ok) return { ok: false, why: judged.why };

  const vault = { vaultId: newUuid(random), epoch: firstEpoch };
  const rootKey = newRootKey(random);
  const passphrasePlace = { ...vault, slotId: newUuid(random) };
  const recoveryPlace = { ...vault, slotId: newUuid(random) };

  const salt = random(saltBytes);
  onStep("stretching");
  const stretched = await stretch(choice.passphrase, salt);
  const { blind, blinded } = blindStretched(stretched, random);
  onStep("asking");
  const answer = await server.prepareOprf(vault.vaultId, passphrasePlace.slotId, blinded);
  if (!answer.ok) return answer;
  const passphraseSlotKey = passphraseKey(stretched, blind, answer.evaluated, passphrasePlace);
  if (passphraseSlotKey === null) return { ok: false, why: "bad-answer" };
  const code = newRecoveryCode(random);
  const recoverySlotKey = recoveryKey(code, recoveryPlace);
  const none = new Uint8Array(0);
  const slots: Slot[] = [
    {
      id: passphrasePlace.slotId,
      kind: "passphrase",
      blob: sealSlot("passphrase", passphrasePlace, passphraseSlotKey, salt, rootKey, random),
    },
    {
      id: recoveryPlace.slotId,
      kind: "recovery",
      blob: sealSlot("recovery", recoveryPlace, recoverySlotKey, none, rootKey, random),
    },
  ];

  const keys = await deriveVaultKeys(rootKey, vault.vaultId, vault.epoch);
  for (const secret of [stretched, passphraseSlotKey, recoverySlotKey, rootKey]) secret.fill(0);
  const manifest: Manifest = {
    ...vault,
    sequence: firstSequence,
    previousHash: new Uint8Array(32),
    birthday: world.today(),
    intakePublicKey: Uint8Array.from(answer.intakePublicKey),
    slotsDigest: slotsDigest(slots),
    inboxTips: [genesisHash(vault.vaultId, vault.epoch)],
    inboxGaps: 0,
    chapters: [],
  };
  const unsigned: Omit<VaultCreation, "signature"> = {
    ...vault,
    recipient: keys.recipient,
    signPublicKey: keys.signPublicKey,
    slots,
    oprfTicket: answer.ticket,
    manifest: sealManifest(keys.manifestKey, manifest, random),
  };
  const creation = { ...unsigned, signature: sign(keys.signingKey, creationMessage(unsigned)) };
  return { ok: true, prepared: { creation, manifest, keys, recoveryCode: formatRecoveryCode(code) } };
}
