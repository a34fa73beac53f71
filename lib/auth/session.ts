/** Who is signed in: the patron's id, name and card number, and what the library system gave to read with, in the encrypted session cookie. */

import { cookies } from "next/headers";
import { decode } from "next-auth/jwt";
import { z } from "zod";
import { env } from "@/lib/env";
import { sessionCookies } from "./session-cookies";

export interface Session {
  patronId: string;
  name: string;
  /** The card number that was typed. */
  card?: string;
  /** As `PatronKey` of the library-system port has it; most connectors give none. */
  pass?: string;
}

const claimsSchema = z.object({
  sub: z.string().min(1),
  name: z.string(),
  card: z.string().min(1).optional(),
  pass: z.string().min(1).optional(),
});

/** The session of the request being answered, or null when there is none, it has ended, or it was tampered with. */
export async function readSession(): Promise<Session | null> {
  const { AUTH_SECRET, PUBLIC_URL } = env();
  const jar = await cookies();
  const token = jar.get(sessionCookies(PUBLIC_URL).session)?.value;
  return token === undefined ? null : openSession(token, AUTH_SECRET);
}

export async function openSession(token: string, secret: string): Promise<Session | null> {
  const payload = await decode({ token, secret }).catch(() => null);
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) return null;
  const { sub, name, card, pass } = claims.data;
  return { patronId: sub, name, ...(card ? { card } : {}), ...(pass ? { pass } : {}) };
}
