/** Runs before every page and route: a fresh nonce, the headers of lib/headers.ts, 404 for unknown records. It authorises nobody. */
import { type NextRequest, NextResponse } from "next/server";
import { isRecord } from "./db/catalogue";
import { type Database, openDatabase } from "./db/connection";
import { provideCsrfCookie } from "./lib/auth/csrf-cookie";
import { renewSession } from "./lib/auth/session-renewal";
import { env } from "./lib/env";
import { pageHeaders } from "./lib/headers";

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const path = request.nextUrl.pathname;
  const headers = pageHeaders({
    path,
    nonce,
    https: env().PUBLIC_URL?.startsWith("https:") ?? false,
    development: process.env.NODE_ENV === "development",
  });
  const forwarded = new Headers(request.headers);
  forwarded.set("x-nonce", nonce);
  // Next reads the nonce for its own scripts from here.
  forwarded.set("Content-Security-Policy", headers["Content-Security-Policy"] ?? "");
  const giveRenewedSession = await renewSession(request);
  const giveCsrfCookie = provideCsrfCookie(request, forwarded);
  const response = (await leadsNowhere(path))
    ? NextResponse.rewrite(new URL("/not-found", request.url), { request: { headers: forwarded } })
    : NextResponse.next({ request: { headers: forwarded } });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  giveCsrfCookie(response);
  giveRenewedSession(response);
  return response;
}

export const config = { matcher: "/((?!_next/static/).*)" };

let catalogue: Database | undefined;

/**
 * [Note: 404 without JavaScript] A page that calls notFound() while it is rendered is sent as an empty document that
 * only JavaScript fills. An address without a route is rendered in full, so unknown records are sent to one from here.
 */
async function leadsNowhere(path: string): Promise<boolean> {
  const id = /^\/record\/([^/]+)\/?$/.exec(path)?.[1];
  if (id === undefined) return false;
  if (!/^[1-9]\d{0,9}$/.test(id)) return true;
  catalogue ??= openDatabase(env().DATABASE_URL, 2).db;
  return !(await isRecord(catalogue, Number(id)));
}
