/** The server's half of opening a passphrase slot: it answers few guesses, and refills them after a proven success. */
import { createHmac } from "node:crypto";
import { refillAllowance, takeAllowance } from "@/db/allowances";
import { findVault } from "@/db/vaults";
import { evaluateBlinded, newOprfKey, oprfKeyFrom } from "@/lib/vault/oprf-server";
import { secureRandom } from "@/lib/vault/random-bytes";
import { refillMessage, verifyWrite } from "@/lib/vault/vault-write";
import { type Custody, findKnownVault, handleOf, readOprfKey } from "./custody";
import { sealOprfTicket, type TicketPlace } from "./oprf-ticket";
import { intakePublicKey } from "./vault-store";

/** Ten at once, then ten an hour, per vault. */
const guessRate = { capacity: 10, perHour: 10 };
const preparationRate = { capacity: 20, perHour: 20 };

export type Preparation =
  | { ok: true; evaluated: Uint8Array; ticket: Uint8Array; intakePublicKey: Uint8Array }
  | { ok: false; why: "too-many"; retryAfterSeconds: number }
  | { ok: false; why: "bad-element" };

/** Makes a new slot's OPRF key and answers its first evaluation. Stores nothing but the allowance. */
export async function preparePassphraseSlot(
  custody: Custody,
  patronId: string,
  place: TicketPlace,
  blinded: Uint8Array,
  now: Date,
): Promise<Preparation> {
  const allowance = await takeAllowance(custody.db, preparationKey(custody, patronId), preparationRate, now);
  if (!allowance.ok) return { ok: false, why: "too-many", retryAfterSeconds: allowance.retryAfterSeconds };
  const key = newOprfKey(secureRandom);
  const answer = evaluateBlinded(key, blinded);
  if (!answer.ok) return answer;
  return {
    ok: true,
    evaluated: answer.evaluated,
    ticket: await sealOprfTicket(custody.keyring, place, key, now),
    intakePublicKey: intakePublicKey(custody),
  };
}

export type Guess =
  | { ok: true; evaluated: Uint8Array; guessesLeft: number; refillNonce: Uint8Array }
  | { ok: false; why: "no-guesses"; retryAfterSeconds: number }
  | { ok: false; why: "no-vault" }
  | { ok: false; why: "bad-element" };

/** Answers one guess. It counts whether it will prove right or wrong: the server cannot tell. */
export async function answerGuess(
  custody: Custody,
  patronId: string,
  slotId: string,
  blinded: Uint8Array,
  now: Date,
): Promise<Guess> {
  const { db, keyring } = custody;
  const vault = await findVault(db, handleOf(keyring, patronId));
  const oprfKey = vault && (await readOprfKey(db, keyring, vault.id, slotId));
  if (!vault || !oprfKey) return { ok: false, why: "no-vault" };
  const allowance = await takeAllowance(db, guessKey(custody, vault.id), guessRate, now);
  if (!allowance.ok) return { ok: false, why: "no-guesses", retryAfterSeconds: allowance.retryAfterSeconds };
  const answer = evaluateBlinded(oprfKeyFrom(oprfKey), blinded);
  if (!answer.ok) return answer;
  const [refillNonce] = refillNonces(custody, vault.id, now);
  return { ok: true, evaluated: answer.evaluated, guessesLeft: allowance.left, refillNonce };
}

/** Refills the vault's guesses for whoever signs a recent nonce with the vault's key. @returns false when it was not so. */
export async function refillGuesses(
  custody: Custody,
  patronId: string,
  nonce: Uint8Array,
  signature: Uint8Array,
  now: Date,
): Promise<boolean> {
  const known = await findKnownVault(custody, patronId);
  if (!known) return false;
  const { id, head } = known;
  const recent = refillNonces(custody, id, now).some((issued) => Buffer.from(issued).equals(nonce));
  if (!recent || !verifyWrite(head.signPublicKey, refillMessage(id, head.epoch, nonce), signature))
    return false;
  await refillAllowance(custody.db, guessKey(custody, id));
  return true;
}

/** Under which a patron's beginnings of a set-up are counted. */
export function preparationKey({ keyring }: Custody, patronId: string): Uint8Array {
  return keyring.hashKey("oprf-preparation", patronId);
}

/** Under which a vault's guesses are counted. */
export function guessKey({ keyring }: Custody, vaultId: string): Uint8Array {
  return keyring.hashKey("passphrase-guess", vaultId);
}

const nonceWindowMs = 10 * 60 * 1000;

/** The nonce of this ten-minute window and of the one before. Nothing is stored for it. */
function refillNonces({ keyring }: Custody, vaultId: string, now: Date): [Uint8Array, Uint8Array] {
  const window = Math.floor(now.getTime() / nonceWindowMs);
  const nonce = (of: number) =>
    new Uint8Array(createHmac("sha256", keyring.derivedKey("refill")).update(`${vaultId}:${of}`).digest());
  return [nonce(window), nonce(window - 1)];
}
