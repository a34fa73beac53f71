/** Keeps a session that is in use: a fresh token once half of its time has passed, up to the longest a session may be. */
import type { NextRequest, NextResponse } from "next/server";
import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { env } from "@/lib/env";
import { sessionCookies } from "./session-cookies";

/** Counted from the sign-in, however much the session is used. */
export const longestSessionSeconds = 8 * 60 * 60;

const claimsSchema = z.object({
  sub: z.string(),
  name: z.string(),
  card: z.string().optional(),
  pass: z.string().optional(),
  since: z.number(),
  exp: z.number(),
});

/** When the patron signed in, as the token's claim. It lives in the browser's cookie alone. */
export function signedInAt(now: Date): { since: number } {
  return { since: Math.floor(now.getTime() / 1000) };
}

/** A token with its full time, or null while the present one does, and when the session may not be longer. */
export async function renewToken(
  token: string,
  means: { secret: string; sessionSeconds: number; now: Date },
): Promise<string | null> {
  const { secret, sessionSeconds, now } = means;
  const claims = claimsSchema.safeParse(await decode({ token, secret }).catch(() => null));
  if (!claims.success) return null;
  const { exp, ...kept } = claims.data;
  const { since } = kept;
  const nowSeconds = now.getTime() / 1000;
  const leftSeconds = exp - nowSeconds;
  const maxAge = Math.floor(Math.min(sessionSeconds, since + longestSessionSeconds - nowSeconds));
  if (leftSeconds > sessionSeconds / 2 || maxAge <= leftSeconds) return null;
  return encode({ token: kept, secret, maxAge });
}

/** For the proxy: returns how to give the browser the renewed cookie. Signing in and out are left to themselves. */
export async function renewSession(request: NextRequest): Promise<(response: NextResponse) => void> {
  const { AUTH_SECRET, PUBLIC_URL, SESSION_MINUTES } = env();
  const { session, attributes } = sessionCookies(PUBLIC_URL);
  const token = request.cookies.get(session)?.value;
  if (token === undefined || request.nextUrl.pathname.startsWith("/api/auth/")) return () => {};
  const means = { secret: AUTH_SECRET, sessionSeconds: SESSION_MINUTES * 60, now: new Date() };
  const renewed = await renewToken(token, means);
  if (renewed === null) return () => {};
  return (response) => response.cookies.set(session, renewed, attributes);
}
