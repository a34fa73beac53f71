/** Starts the patron's vault afresh: new keys for everything in it, the old ones destroyed. */
import { json, problem } from "@/app/guarded-route";
import { server } from "@/app/server";
import { startAfresh } from "@/lib/custody/start-afresh";
import { vaultRoute } from "../vault-route";
import { afreshWire, maxCommitBytes } from "../wire";

const statusOf = { conflict: 409, refused: 422, "no-vault": 404, "stale-ticket": 410, "too-large": 413 };

export const POST = vaultRoute("/api/vault/afresh", async ({ session, read }) => {
  const afresh = await read(afreshWire, maxCommitBytes);
  const outcome = await startAfresh(server(), session.patronId, afresh, new Date());
  return outcome.ok ? json({}) : problem(statusOf[outcome.why], outcome.why);
});
