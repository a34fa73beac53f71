/** `POST /api/loans/events`: how a library system reports check-outs, renewals and returns. Answers alike for every patron. */
import { createHash, timingSafeEqual } from "node:crypto";
import { openRoute, problem } from "@/app/guarded-route";
import { server } from "@/app/server";
import { env } from "@/lib/env";
import { envelopeSchema, maxBatchBytes, readEvents } from "./batch";

export const POST = openRoute("/api/loans/events", async ({ request, read }) => {
  if (!bearsToken(request, env().LOANS_TOKEN)) {
    return problem(401, "wrong-token", {}, { "www-authenticate": 'Bearer realm="loans"' });
  }
  const { events, malformed } = readEvents((await read(envelopeSchema, maxBatchBytes)).events);
  await server().intake.take(events);
  if (malformed.length > 0) return problem(422, "malformed-events", { taken: events.length, malformed });
  // Empty: some library systems store whatever is answered beside the loan.
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
});

/** Compares digests, so that the time says nothing of how much of the token was right, nor of its length. */
function bearsToken(request: Request, token: string): boolean {
  const shown = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(shown), digest(token));
}
