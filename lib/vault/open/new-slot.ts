/** Makes a new slot around a root key: a passphrase's with the server's help, a recovery code's or a passkey's without. */
import "./marker";
import { type PasskeyQuestion, passkeyHead } from "../passkey-question";
import type { RandomBytes } from "../random-bytes";
import type { OnStep, PasskeyAnswer } from "../unlocked-history";
import type { NotAnswered, Slot, VaultServer } from "../vault-contents";
import { passkeyKey } from "./passkey";
import { blindStretched, passphraseKey, saltBytes, stretch } from "./passphrase";
import { formatRecoveryCode, newRecoveryCode, recoveryKey } from "./recovery-code";
import type { RootKey } from "./root-key";
import { type SlotPlace, sealSlot } from "./slot";
import { newUuid } from "./uuid";

/** A passphrase as far as it goes without the server. */
export interface StretchedPassphrase {
  salt: Uint8Array;
  stretched: Uint8Array;
}

/**
 * What a slot that is not stored yet is made of. Kept until it is: when the server's half has expired meanwhile, the slot
 * is wrapped anew, and the recovery code that the reader has written down stays good.
 */
export interface HeldSecrets extends StretchedPassphrase {
  rootKey: RootKey;
}

type Whose = Pick<SlotPlace, "vaultId" | "epoch">;

export type NewPassphraseSlot =
  | { ok: true; slot: Slot; oprfTicket: Uint8Array; intakePublicKey: Uint8Array }
  | { ok: false; why: "too-many"; retryAfterSeconds: number }
  /** What the server gave as its half is not a group element. */
  | { ok: false; why: "bad-answer" }
  | NotAnswered;

/** A new id, a new salt and a new OPRF key: nothing of an older passphrase slot lives on in it. */
export async function newPassphraseSlot(
  whose: Whose,
  passphrase: string,
  rootKey: RootKey,
  world: SlotWorld,
  onStep: OnStep,
): Promise<NewPassphraseSlot> {
  const held = { ...(await stretchNew(passphrase, world.random, onStep)), rootKey };
  const made = await wrapForPassphrase(whose, held, world, onStep);
  held.stretched.fill(0);
  return made;
}

export async function stretchNew(
  passphrase: string,
  random: RandomBytes,
  onStep: OnStep,
): Promise<StretchedPassphrase> {
  const salt = random(saltBytes);
  onStep("stretching");
  return { salt, stretched: await stretch(passphrase, salt) };
}

export function forgetHeld({ rootKey, stretched }: HeldSecrets): void {
  rootKey.fill(0);
  stretched.fill(0);
}

interface SlotWorld {
  server: VaultServer;
  random: RandomBytes;
}

/** A new id and a new OPRF key. The caller overwrites what is held. */
export async function wrapForPassphrase(
  whose: Whose,
  { salt, stretched, rootKey }: HeldSecrets,
  { server, random }: SlotWorld,
  onStep: OnStep,
): Promise<NewPassphraseSlot> {
  const place = { vaultId: whose.vaultId, epoch: whose.epoch, slotId: newUuid(random) };
  const { blind, blinded } = blindStretched(stretched, random);
  onStep("asking");
  const answer = await server.prepareOprf(place.vaultId, place.slotId, blinded);
  if (!answer.ok) return answer;
  const slotKey = passphraseKey(stretched, blind, answer.evaluated, place);
  if (slotKey === null) return { ok: false, why: "bad-answer" };
  const blob = sealSlot("passphrase", place, slotKey, salt, rootKey, random);
  slotKey.fill(0);
  const slot: Slot = { id: place.slotId, kind: "passphrase", blob };
  const { ticket, intakePublicKey } = answer;
  return { ok: true, slot, oprfTicket: ticket, intakePublicKey: Uint8Array.from(intakePublicKey) };
}

/** The code is in the form in which it is printed. */
export function newRecoverySlot(
  whose: Whose,
  rootKey: RootKey,
  random: RandomBytes,
): { slot: Slot; recoveryCode: string } {
  const place = { vaultId: whose.vaultId, epoch: whose.epoch, slotId: newUuid(random) };
  const code = newRecoveryCode(random);
  const slotKey = recoveryKey(code, place);
  const blob = sealSlot("recovery", place, slotKey, new Uint8Array(0), rootKey, random);
  slotKey.fill(0);
  return { slot: { id: place.slotId, kind: "recovery", blob }, recoveryCode: formatRecoveryCode(code) };
}

/** Around what the passkey answered. The caller overwrites the answer. */
export function newPasskeySlot(
  whose: Whose,
  question: PasskeyQuestion,
  answer: Pick<PasskeyAnswer, "first" | "second">,
  rootKey: RootKey,
  random: RandomBytes,
): Slot {
  const place = { vaultId: whose.vaultId, epoch: whose.epoch, slotId: newUuid(random) };
  const slotKey = passkeyKey(answer, question, place);
  const blob = sealSlot("passkey", place, slotKey, passkeyHead(question), rootKey, random);
  slotKey.fill(0);
  return { id: place.slotId, kind: "passkey", blob };
}
