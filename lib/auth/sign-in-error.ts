/** The closed codes by which the sign-in page learns why it is shown again, and how they stand in its address. */
import { z } from "zod";
import type { SignIn } from "./sign-in";

const codes = [
  "missing-fields",
  "wrong-credentials",
  "library-unreachable",
  "too-many-attempts",
  "form-expired",
  "unexpected",
] as const;

export type SignInError = { code: Exclude<(typeof codes)[number], "too-many-attempts"> } | TooManyAttempts;

interface TooManyAttempts {
  code: "too-many-attempts";
  minutes: number;
}

type Refused = Extract<SignIn, { ok: false }> | { ok: false; why: "unexpected" };

/** `too-many-attempts.7` for a wait of seven minutes, else the code alone. */
export function writeSignInError(refused: Refused): string {
  if (refused.why !== "too-many-attempts") return refused.why;
  return `${refused.why}.${Math.max(1, Math.ceil(refused.retryAfterSeconds / 60))}`;
}

/** Reads what `writeSignInError` wrote. Anything else that somebody put in the address is `unexpected`. */
export function readSignInError(text: string): SignInError {
  const [head, tail] = text.split(".");
  const code = z.enum(codes).catch("unexpected").parse(head);
  if (code !== "too-many-attempts") return { code };
  return { code, minutes: z.coerce.number().int().min(1).max(600).catch(60).parse(tail) };
}
