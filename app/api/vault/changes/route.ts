/** The signed-in patron's vault without the chapters that their device has already. A POST, because a list of them is no address. */
import { json } from "@/app/guarded-route";
import { server } from "@/app/server";
import { readVault } from "@/lib/custody/vault-store";
import { leaveOutKnown } from "@/lib/vault/known-chapters";
import { vaultRoute } from "../vault-route";
import { changesWire, knownWire } from "../wire";

export const POST = vaultRoute("/api/vault/changes", async ({ session, read }) => {
  const known = await read(knownWire);
  return json(changesWire.encode(leaveOutKnown(await readVault(server(), session.patronId), known)));
});
