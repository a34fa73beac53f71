/** The signed-in patron's vault over HTTP: read it, make it, write to it, delete it. */
import { json, problem } from "@/app/guarded-route";
import { server } from "@/app/server";
import { deleteVault } from "@/lib/custody/vault-deletion";
import { commitVault, createVault, readVault } from "@/lib/custody/vault-store";
import { noteSignedWrite } from "./signed-write";
import { vaultRoute } from "./vault-route";
import { commitWire, creationWire, maxCommitBytes, snapshotWire } from "./wire";

const name = "/api/vault";

export const GET = vaultRoute(name, async ({ session }) =>
  json(snapshotWire.encode({ vault: await readVault(server(), session.patronId) })),
);

export const POST = vaultRoute(name, async ({ session, read }) => {
  const creation = await read(creationWire);
  const outcome = await createVault(server(), session.patronId, creation, new Date());
  if (outcome.ok) return json({}, 201);
  return problem({ exists: 409, "stale-ticket": 410, refused: 422 }[outcome.why], outcome.why);
});

export const PUT = vaultRoute(name, async ({ session, read }) => {
  const commit = await read(commitWire, maxCommitBytes);
  const outcome = await commitVault(server(), session.patronId, commit);
  if (outcome.ok) {
    await noteSignedWrite(session.patronId);
    return json({});
  }
  return problem({ conflict: 409, refused: 422, "no-vault": 404 }[outcome.why], outcome.why);
});

/** Needs no passphrase. Answers with the receipt, or 404 when there was nothing to delete. */
export const DELETE = vaultRoute(name, async ({ session }) => {
  const outcome = await deleteVault(server(), session.patronId, server().today());
  return outcome.ok ? json({ receipt: outcome.receipt }) : problem(404, outcome.why);
});
