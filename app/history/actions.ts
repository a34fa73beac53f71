"use server";
/** Deletes the signed-in patron's history from a plain form, so that it needs no passphrase and no JavaScript. */
import { server } from "@/app/server";
import { readSession } from "@/lib/auth/session";
import { deleteVault } from "@/lib/custody/vault-deletion";
import { log } from "@/lib/log";

export type DeletionState =
  | { state: "asked" }
  | { state: "deleted"; receipt: string }
  | { state: "failed"; why: "signed-out" | "no-vault" | "unexpected" };

export async function deleteHistory(): Promise<DeletionState> {
  try {
    const session = await readSession();
    if (!session) return { state: "failed", why: "signed-out" };
    const outcome = await deleteVault(server(), session.patronId, server().today());
    if (!outcome.ok) return { state: "failed", why: outcome.why };
    return { state: "deleted", receipt: JSON.stringify(outcome.receipt, null, 2) };
  } catch (fault) {
    log().error("request-failed", fault, { route: "/history" });
    return { state: "failed", why: "unexpected" };
  }
}
