/**
 * The cookie behind next-auth's form token, made before the page so that its forms also work without JavaScript:
 * a page cannot set cookies, and next-auth would only set this one in an answer to a script.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { cookies } from "next/headers";
import type { NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/env";
import { sessionCookies } from "./session-cookies";

/** next-auth's format: the token, a bar, and SHA-256 of token and secret. */
export function makeCsrfCookie(secret: string, token = randomBytes(32).toString("hex")): string {
  return `${token}|${hashOf(token, secret)}`;
}

/** The token in a cookie of ours; null for a missing, foreign or damaged one. */
export function openCsrfCookie(value: string | undefined, secret: string): string | null {
  const [token = "", hash = ""] = (value ?? "").split("|");
  const expected = Buffer.from(hashOf(token, secret));
  const given = Buffer.from(hash);
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected) ? token : null;
}

/** For the hidden field `csrfToken` of a form on the page being rendered. */
export async function readCsrfToken(): Promise<string> {
  const { AUTH_SECRET, PUBLIC_URL } = env();
  const jar = await cookies();
  return openCsrfCookie(jar.get(sessionCookies(PUBLIC_URL).csrf)?.value, AUTH_SECRET) ?? "";
}

/**
 * For the proxy: gives the request that goes on to the page the cookie that the sign-in form, or a signed-in
 * reader's sign-out form, needs, and returns how to give it to the browser too. Nobody else gets a cookie.
 */
export function provideCsrfCookie(
  request: NextRequest,
  forwarded: Headers,
): (response: NextResponse) => void {
  const { AUTH_SECRET, PUBLIC_URL } = env();
  const names = sessionCookies(PUBLIC_URL);
  const isNeeded = request.nextUrl.pathname === "/sign-in" || request.cookies.has(names.session);
  if (!isNeeded || openCsrfCookie(request.cookies.get(names.csrf)?.value, AUTH_SECRET) !== null)
    return () => {};
  const value = makeCsrfCookie(AUTH_SECRET);
  request.cookies.set(names.csrf, value);
  forwarded.set("cookie", request.cookies.toString());
  return (response) => response.cookies.set(names.csrf, value, names.attributes);
}

function hashOf(token: string, secret: string): string {
  return createHash("sha256").update(`${token}${secret}`).digest("hex");
}
