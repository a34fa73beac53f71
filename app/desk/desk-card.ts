/** Which card lies on the desk: for some minutes, in an encrypted cookie of the terminal's browser. */

import { cookies } from "next/headers";
import { decode, encode } from "next-auth/jwt";
import { sessionCookies } from "@/lib/auth/session-cookies";
import { env } from "@/lib/env";

const idleSeconds = 5 * 60;
// Another key than the session cookie's: what lies on the desk must never pass for a sign-in.
const salt = "desk";

export async function readDeskCard(): Promise<string | null> {
  const token = (await cookies()).get(deskCookie().name)?.value;
  if (token === undefined) return null;
  const claims = await decode({ token, secret: env().AUTH_SECRET, salt }).catch(() => null);
  return claims?.sub ?? null;
}

export async function putDeskCard(card: string): Promise<void> {
  const value = await encode({ token: { sub: card }, secret: env().AUTH_SECRET, salt, maxAge: idleSeconds });
  (await cookies()).set({ ...deskCookie(), value, maxAge: idleSeconds });
}

export async function takeDeskCard(): Promise<void> {
  (await cookies()).set({ ...deskCookie(), value: "", maxAge: 0 });
}

function deskCookie() {
  const { attributes } = sessionCookies(env().PUBLIC_URL);
  return { ...attributes, name: attributes.secure ? "__Host-desk" : "desk" };
}
