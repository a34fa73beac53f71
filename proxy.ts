/** Runs before every page and route: a fresh nonce, and the headers of lib/headers.ts. It authorises nobody. */
import { type NextRequest, NextResponse } from "next/server";
import { provideCsrfCookie } from "./lib/auth/csrf-cookie";
import { pageHeaders } from "./lib/headers";

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const headers = pageHeaders({
    path: request.nextUrl.pathname,
    nonce,
    https: process.env.PUBLIC_URL?.startsWith("https:") ?? false,
    development: process.env.NODE_ENV === "development",
  });
  const forwarded = new Headers(request.headers);
  forwarded.set("x-nonce", nonce);
  // Next reads the nonce for its own scripts from here.
  forwarded.set("Content-Security-Policy", headers["Content-Security-Policy"] ?? "");
  const setCsrfCookie = provideCsrfCookie(request, forwarded);
  const response = NextResponse.next({ request: { headers: forwarded } });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  setCsrfCookie(response);
  return response;
}

export const config = { matcher: "/((?!_next/static/).*)" };
