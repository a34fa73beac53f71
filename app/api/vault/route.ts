/** The signed-in patron's vault over HTTP: read it, make it, write to it, delete it. */
import { json, patronRoute, problem } from "@/app/guarded-route";
import { server } from "@/app/server";
import { deleteVault } from "@/lib/custody/vault-deletion";
import { commitVault, createVault, readVault } from "@/lib/custody/vault-store";
import { commitWire, creationWire, maxCommitBytes, snapshotWire } from "./wire";

const name = "/api/vault";

export const GET = patronRoute(name, async ({ session }) =>
  json(snapshotWire.encode({ vault: await readVault(server(), session.patronId) })),
);

export const POST = patronRoute(name, async ({ session, read }) => {
  const creation = await read(creationWire);
  const outcome = await createVault(server(), session.patronId, creation, new Date());
  if (outcome.ok) return json({}, 201);
  return problem(outcome.why === "exists" ? 409 : 422, outcome.why);
});

export const PUT = patronRoute(name, async ({ session, read }) => {
  const commit = await read(commitWire, maxCommitBytes);
  const outcome = await commitVault(server(), session.patronId, commit);
  if (outcome.ok) return json({});
  return problem({ conflict: 409, refused: 422, "no-vault": 404 }[outcome.why], outcome.why);
});

/** Needs no passphrase. Answers with the receipt, or 404 when there was nothing to delete. */
export const DELETE = patronRoute(name, async ({ session }) => {
  const outcome = await deleteVault(server(), session.patronId, server().today());
  return outcome.ok ? json({ receipt: outcome.receipt }) : problem(404, outcome.why);
});
