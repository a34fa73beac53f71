/** What follows a write that a vault's own key has signed: while the library lets go of unopened vaults, this one is open. */
import { server } from "@/app/server";
import { noteOpening } from "@/lib/custody/vault-openings";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

/** Never undoes the write: an opening that could not be noted is noted by the next. */
export async function noteSignedWrite(patronId: string): Promise<void> {
  if (env().UNOPENED_VAULT_MONTHS === 0) return;
  try {
    await noteOpening(server(), patronId, server().today());
  } catch (fault) {
    log().error("request-failed", fault, { route: "/api/vault" });
  }
}
