/** The one wrapper of HTTP routes: it parses the body, authorises the caller, and turns faults into problem details (RFC 9457). */
import type { z } from "zod";
import { readSession, type Session } from "@/lib/auth/session";
import { log } from "@/lib/log";

export interface Call {
  request: Request;
  /** The JSON body in the schema's terms. A body that does not fit ends the call with problem details. */
  read<B>(schema: z.ZodType<B>, maxBytes?: number): Promise<B>;
}

type Answer<C> = (call: C) => Promise<Response>;
type Route = (request: Request) => Promise<Response>;

/** A route that anyone may call. `name` is its path with its parameters' names, for the log. */
export function openRoute(name: string, answer: Answer<Call>): Route {
  return (request) => guard(name, request, () => answer(callOf(request)));
}

/** A route for the signed-in patron, called from the library's own pages. */
export function patronRoute(name: string, answer: Answer<Call & { session: Session }>): Route {
  return (request) =>
    guard(name, request, async () => {
      const session = await readSession();
      if (!session) return problem(401, "signed-out");
      if (!isSameOrigin(request)) return problem(403, "cross-origin");
      return answer({ ...callOf(request), session });
    });
}

class RefusedBody extends Error {
  constructor(readonly answer: Response) {
    super("refused-body");
    this.name = "RefusedBody";
  }
}

async function guard(name: string, request: Request, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (fault) {
    if (fault instanceof RefusedBody) return fault.answer;
    log().error("request-failed", fault, { route: name, method: request.method });
    return problem(500, "unexpected");
  }
}

const oneMebibyte = 1_048_576;

function callOf(request: Request): Call {
  return {
    request,
    async read(schema, maxBytes = oneMebibyte) {
      const text = await readText(request, maxBytes);
      if (text === null) throw new RefusedBody(problem(413, "too-large"));
      const value = parseJson(text);
      if (value === undefined) throw new RefusedBody(problem(400, "not-json"));
      const result = schema.safeParse(value);
      if (!result.success) throw new RefusedBody(problem(400, "malformed"));
      return result.data;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
function isSameOrigin(request: Request): boolean {
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
