/** Signs a patron in against the library system, with an allowance of attempts for the card and for the address. */
import { type AllowanceRate, refillAllowance, returnAllowance, takeAllowance } from "@/db/allowances";
import type { Database } from "@/db/connection";
import type { LibrarySystem, Patron } from "@/lib/circulation/port";

export const cardRate: AllowanceRate = { capacity: 5, perHour: 10 };
/** Wide enough for the public stations of a branch behind one address; right attempts are given back. */
export const addressRate: AllowanceRate = { capacity: 30, perHour: 120 };

/** The least time that a refusal takes, so that a card's existence doesn't show in how soon it is refused. */
export const refusalMillis = 400;

export interface SignInAttempt {
  card: unknown;
  pin: unknown;
  address: string;
}

export interface SignInMeans {
  db: Database;
  librarySystem: LibrarySystem;
  hashKey(label: string, value: string): Uint8Array;
  now(): Date;
  pause(millis: number): Promise<void>;
}

export type SignInRefusal = "missing-fields" | "wrong-credentials" | "library-unreachable";

export type SignIn =
  | { ok: true; patron: Patron; pass?: string }
  | { ok: false; why: SignInRefusal }
  | { ok: false; why: "too-many-attempts"; retryAfterSeconds: number };

/**
 * [Note: no enumeration] An unknown card, a wrong PIN and a locked card get one answer, and attempts are counted for
 * cards that don't exist as for those that do. A locked card that was told so would be known to exist.
 */
export async function signIn(means: SignInMeans, attempt: SignInAttempt): Promise<SignIn> {
  const card = cleaned(attempt.card)?.replace(/\s/g, "");
  const pin = cleaned(attempt.pin);
  if (!card || !pin) return { ok: false, why: "missing-fields" };

  const { db, hashKey, now } = means;
  const addressKey = hashKey("sign-in address", attempt.address);
  const cardKey = cardAllowanceKey(hashKey, card);
  const byAddress = await takeAllowance(db, addressKey, addressRate, now());
  if (!byAddress.ok)
    return { ok: false, why: "too-many-attempts", retryAfterSeconds: byAddress.retryAfterSeconds };
  const byCard = await takeAllowance(db, cardKey, cardRate, now());
  if (!byCard.ok) return { ok: false, why: "too-many-attempts", retryAfterSeconds: byCard.retryAfterSeconds };

  const refusalDue = means.pause(refusalMillis);
  const answer = await means.librarySystem.authenticate(card, pin);
  if (answer.ok) {
    await Promise.all([refillAllowance(db, cardKey), returnAllowance(db, addressKey, addressRate, now())]);
    return answer;
  }
  await refusalDue;
  if (answer.why === "wrong-credentials" || answer.why === "locked")
    return { ok: false, why: "wrong-credentials" };
  // An attempt that nobody judged costs nothing.
  await Promise.all([
    returnAllowance(db, cardKey, cardRate, now()),
    returnAllowance(db, addressKey, addressRate, now()),
  ]);
  return { ok: false, why: "library-unreachable" };
}

/** Under which the attempts on a card are counted. */
export function cardAllowanceKey(hashKey: SignInMeans["hashKey"], card: string): Uint8Array {
  return hashKey("sign-in card", card.toLowerCase());
}

/** Null for what no card or PIN can be. A zero byte would be an error in the database. */
function cleaned(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 128 || value.includes("\0")) return null;
  return value.trim();
}
