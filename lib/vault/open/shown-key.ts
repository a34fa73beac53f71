/** Shows the vault's age identity to a reader who has just proved to be its own. */
import "./marker";
import type { RandomBytes } from "../random-bytes";
import type { OnStep, Secret, ShowKeyOutcome } from "../unlocked-history";
import type { VaultServer } from "../vault-contents";
import { checkPresent } from "./present-secret";
import type { UnlockedState } from "./saving";

/** The identity opens the vault's sealed entries, and the history file of a copy that is sealed to it; no slot, no chapter. */
export async function showKey(
  state: UnlockedState,
  present: Secret,
  world: { server: VaultServer; random: RandomBytes },
  onStep: OnStep,
): Promise<ShowKeyOutcome> {
  const proof = await checkPresent(state, present, world, onStep);
  if (!proof.ok) return proof;
  proof.rootKey.fill(0);
  return { ok: true, identity: state.keys.identity };
}
