/** From a secret to the root key: a passphrase with the server's help, a recovery code and a passkey without. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import { readPasskeyQuestion } from "../passkey-question";
import type { RandomBytes } from "../random-bytes";
import type { OnStep, PasskeyAnswer, Secret, UnlockOutcome } from "../unlocked-history";
import type { Slot, SlotKind, VaultServer, VaultSnapshot } from "../vault-contents";
import { passkeyKey } from "./passkey";
import { blindStretched, passphraseKey, stretch } from "./passphrase";
import { readRecoveryCode, recoveryKey } from "./recovery-code";
import type { RootKey } from "./root-key";
import { openSlot, readSlot } from "./slot";

type Refusal = Exclude<UnlockOutcome, { ok: true } | { why: "vault-damaged" }>;

export type SlotUnlocking =
  /** `slot` is the one that opened; `refillNonce` is to be signed, to show the server that the guess was right. */
  { ok: true; rootKey: RootKey; slot: Slot; refillNonce: Uint8Array | null } | Refusal;

const slotsOf = (vault: VaultSnapshot, kind: SlotKind): Slot[] =>
  vault.slots.filter((slot) => slot.kind === kind);

export async function unlockBySecret(
  vault: VaultSnapshot,
  secret: Secret,
  world: { server: VaultServer; random: RandomBytes },
  onStep: OnStep,
): Promise<SlotUnlocking> {
  switch (secret.kind) {
    case "passphrase":
      return unlockByPassphrase(vault, secret.secret, world, onStep);
    case "recovery":
      return unlockByRecoveryCode(vault, secret.secret);
    case "passkey":
      return unlockByPasskey(vault, secret);
  }
}

/** Argon2id first, so that each guess costs the guesser; then one of the vault's few answers. */
export async function unlockByPassphrase(
  vault: VaultSnapshot,
  passphrase: string,
  world: { server: VaultServer; random: RandomBytes },
  onStep: OnStep,
): Promise<SlotUnlocking> {
  const [slot] = slotsOf(vault, "passphrase");
  if (slot === undefined) return { ok: false, why: "no-such-slot" };
  const parts = readSlot(slot);
  if (!parts.ok && parts.why === "unknown-version") return { ok: false, why: "unknown-version" };
  if (!parts.ok) return { ok: false, why: "no-such-slot" };
  onStep("stretching");
  const stretched = await stretch(passphrase, parts.head);
  const { blind, blinded } = blindStretched(stretched, world.random);
  onStep("asking");
  const answer = await world.server.evaluateOprf(slot.id, blinded);
  if (!answer.ok) return answer;
  const place = { vaultId: vault.vaultId, epoch: vault.epoch, slotId: slot.id };
  const slotKey = passphraseKey(stretched, blind, answer.evaluated, place);
  stretched.fill(0);
  const opened = slotKey === null ? null : openSlot(slot, place, slotKey);
  slotKey?.fill(0);
  if (!opened?.ok) return { ok: false, why: "wrong-passphrase", guessesLeft: answer.guessesLeft };
  return { ok: true, rootKey: opened.rootKey, slot, refillNonce: answer.refillNonce };
}

/** Nothing is asked of the server: 130 random bits need no second half. */
export function unlockByRecoveryCode(vault: VaultSnapshot, typed: string): SlotUnlocking {
  const slots = slotsOf(vault, "recovery");
  if (slots.length === 0) return { ok: false, why: "no-such-slot" };
  const code = readRecoveryCode(typed);
  if (code === null) return { ok: false, why: "misread-recovery-code" };
  let why: "wrong-recovery-code" | "unknown-version" = "wrong-recovery-code";
  for (const slot of slots) {
    const place = { vaultId: vault.vaultId, epoch: vault.epoch, slotId: slot.id };
    const slotKey = recoveryKey(code, place);
    const opened = openSlot(slot, place, slotKey);
    slotKey.fill(0);
    if (opened.ok) return { ok: true, rootKey: opened.rootKey, slot, refillNonce: null };
    if (opened.why === "unknown-version") why = "unknown-version";
  }
  return { ok: false, why };
}

/** Nothing is asked of the server here either. The answer is overwritten, whatever comes of it. */
export function unlockByPasskey(vault: VaultSnapshot, answer: PasskeyAnswer): SlotUnlocking {
  let why: "no-such-slot" | "unknown-version" = "no-such-slot";
  try {
    for (const slot of slotsOf(vault, "passkey")) {
      const parts = readSlot(slot);
      if (!parts.ok && parts.why === "unknown-version") why = "unknown-version";
      const question = readPasskeyQuestion(slot);
      if (question === null || !equalBytes(question.credentialId, answer.credentialId)) continue;
      const place = { vaultId: vault.vaultId, epoch: vault.epoch, slotId: slot.id };
      const slotKey = passkeyKey(answer, question, place);
      const opened = openSlot(slot, place, slotKey);
      slotKey.fill(0);
      if (opened.ok) return { ok: true, rootKey: opened.rootKey, slot, refillNonce: null };
      return { ok: false, why: "wrong-passkey" };
    }
    return { ok: false, why };
  } finally {
    answer.first.fill(0);
    answer.second.fill(0);
  }
}
