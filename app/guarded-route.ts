/** The one wrapper of HTTP routes: it parses the body, authorises the caller, and turns faults into problem details (RFC 9457). */
import type { z } from "zod";
import { readSession, type Session } from "@/lib/auth/session";
import { log } from "@/lib/log";

type Access = "anyone" | "patron";

export interface Call<A extends Access, B> {
  request: Request;
  body: B;
  session: A extends "patron" ? Session : null;
}

interface RouteOptions<A extends Access, B> {
  /** The route's path with its parameters' names, for the log. */
  name: string;
  access: A;
  body?: z.ZodType<B>;
  /** Largest body accepted, in bytes. */
  maxBodyBytes?: number;
}

const oneMebibyte = 1_048_576;

export function route<A extends Access, B = undefined>(
  options: RouteOptions<A, B>,
  answer: (call: Call<A, B>) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const session = options.access === "patron" ? await readSession() : null;
      if (options.access === "patron" && !session) return problem(401, "signed-out");
      if (options.access === "patron" && !isSameOrigin(request)) return problem(403, "cross-origin");
      const parsed = await parseBody(request, options.body, options.maxBodyBytes ?? oneMebibyte);
      if (!parsed.ok) return problem(parsed.status, parsed.code);
      // The branch above is what makes this the session that A promises.
      return await answer({ request, body: parsed.body, session: session as Call<A, B>["session"] });
    } catch (fault) {
      log().error("request-failed", fault, { route: options.name, method: request.method });
      return problem(500, "unexpected");
    }
  };
}

type Parsed<B> = { ok: true; body: B } | { ok: false; status: number; code: string };

async function parseBody<B>(
  request: Request,
  schema: z.ZodType<B> | undefined,
  maxBytes: number,
): Promise<Parsed<B>> {
  // Without a schema B is undefined.
  if (!schema) return { ok: true, body: undefined as B };
  const text = await readText(request, maxBytes);
  if (text === null) return { ok: false, status: 413, code: "too-large" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, status: 400, code: "not-json" };
  }
  const result = schema.safeParse(value);
  return result.success ? { ok: true, body: result.data } : { ok: false, status: 400, code: "malformed" };
}

/** The body as text, or null as soon as it exceeds the limit. */
export async function readText(request: Request, maxBytes: number): Promise<string | null> {
  if (!request.body) return "";
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request.body) {
    size += piece.byteLength;
    if (size > maxBytes) return null;
    pieces.push(piece);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

/** True unless the browser says that another site's page made the request. */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site) return site === "same-origin" || (site === "none" && request.method === "GET");
  const origin = request.headers.get("origin");
  if (!origin) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.get("host");
}

const noStore = { "cache-control": "no-store" };

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers: { ...noStore, ...headers } });
}

/** Problem details (RFC 9457). `code` is one of the codes listed in the API description; it never quotes the request. */
export function problem(
  status: number,
  code: string,
  extra: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    { type: `urn:commonplace:problem:${code}`, title: code.replaceAll("-", " "), status, ...extra },
    { status, headers: { ...noStore, "content-type": "application/problem+json", ...headers } },
  );
}
