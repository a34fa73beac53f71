/** First half of a new passphrase slot: a fresh OPRF key, its answer, and the ticket to store it by. */
import { json, patronRoute, problem } from "@/app/guarded-route";
import { server } from "@/app/server";
import { preparePassphraseSlot } from "@/lib/custody/passphrase-guesses";
import { preparationWire, preparedWire } from "../wire";

export const POST = patronRoute("/api/vault/passphrase-slot", async ({ session, read }) => {
  const { blinded, ...place } = await read(preparationWire);
  const outcome = await preparePassphraseSlot(server(), session.patronId, place, blinded, new Date());
  if (outcome.ok) {
    const { evaluated, ticket, intakePublicKey } = outcome;
    return json(preparedWire.encode({ evaluated, ticket, intakePublicKey }));
  }
  if (outcome.why === "bad-element") return problem(422, outcome.why);
  const { retryAfterSeconds } = outcome;
  return problem(429, outcome.why, { retryAfterSeconds }, { "retry-after": `${retryAfterSeconds}` });
});
