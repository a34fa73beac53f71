/** One guess at the passphrase (POST), and the proof that it was right (PUT), which gives the guesses back. */
import { json, problem } from "@/app/guarded-route";
import { server } from "@/app/server";
import { answerGuess, refillGuesses } from "@/lib/custody/passphrase-guesses";
import { noteSignedWrite } from "../signed-write";
import { vaultRoute } from "../vault-route";
import { guessAnswerWire, guessWire, refillWire } from "../wire";

const name = "/api/vault/guess";

export const POST = vaultRoute(name, async ({ session, read }) => {
  const { slotId, blinded } = await read(guessWire);
  const outcome = await answerGuess(server(), session.patronId, slotId, blinded, new Date());
  if (outcome.ok) {
    const { evaluated, guessesLeft, refillNonce } = outcome;
    return json(guessAnswerWire.encode({ evaluated, guessesLeft, refillNonce }));
  }
  if (outcome.why === "no-guesses") {
    const { retryAfterSeconds } = outcome;
    return problem(429, outcome.why, { retryAfterSeconds }, { "retry-after": `${retryAfterSeconds}` });
  }
  return problem(outcome.why === "no-vault" ? 404 : 422, outcome.why);
});

export const PUT = vaultRoute(name, async ({ session, read }) => {
  const { nonce, signature } = await read(refillWire);
  const refilled = await refillGuesses(server(), session.patronId, nonce, signature, new Date());
  if (refilled) await noteSignedWrite(session.patronId);
  return refilled ? json({}) : problem(422, "refused");
});
