/** The vault session's server without HTTP between: the same custody, called directly. For tests and measures. */
import { leaveOutKnown } from "@/lib/vault/known-chapters";
import type { VaultServer } from "@/lib/vault/vault-contents";
import type { Custody } from "./custody";
import { answerGuess, preparePassphraseSlot, refillGuesses } from "./passphrase-guesses";
import { changeSlots } from "./slot-change";
import { startAfresh } from "./start-afresh";
import { commitVault, createVault, readVault } from "./vault-store";

export function directVaultServer(
  custody: Custody,
  patronId: string,
  now: () => Date = () => new Date(),
): VaultServer {
  return {
    fetchVault: async (known) => ({
      ok: true,
      ...leaveOutKnown(await readVault(custody, patronId), known),
    }),
    async prepareOprf(vaultId, slotId, blinded) {
      const outcome = await preparePassphraseSlot(custody, patronId, { vaultId, slotId }, blinded, now());
      return outcome.ok || outcome.why === "too-many" ? outcome : { ok: false, why: "offline" };
    },
    async evaluateOprf(slotId, blinded) {
      const outcome = await answerGuess(custody, patronId, slotId, blinded, now());
      return outcome.ok || outcome.why !== "bad-element" ? outcome : { ok: false, why: "offline" };
    },
    async refillGuesses(nonce, signature) {
      await refillGuesses(custody, patronId, nonce, signature, now());
    },
    createVault: (creation) => createVault(custody, patronId, creation, now()),
    commitVault: (commit) => commitVault(custody, patronId, commit),
    changeSlots: (change) => changeSlots(custody, patronId, change, now()),
    startAfresh: (afresh) => startAfresh(custody, patronId, afresh, now()),
  };
}
