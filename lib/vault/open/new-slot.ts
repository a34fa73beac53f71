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
  { server, random }: { server: VaultServer; random: RandomBytes },
  onStep: OnStep,
): Promise<NewPassphraseSlot> {
  const place = { vaultId: whose.vaultId, epoch: whose.epoch, slotId: newUuid(random) };
  const salt = random(saltBytes);
  onStep("stretching");
  const stretched = await stretch(passphrase, salt);
  const { blind, blinded } = blindStretched(stretched, random);
  onStep("asking");
  const answer = await server.prepareOprf(place.vaultId, place.slotId, blinded);
  const slotKey = answer.ok ? passphraseKey(stretched, blind, answer.evaluated, place) : null;
  stretched.fill(0);
  if (!answer.ok) return answer;
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
