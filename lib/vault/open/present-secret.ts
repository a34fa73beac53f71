/** Shows that the reader of an open vault is present: a secret that opens it now, because an open page is no proof. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type { OnStep, PresentRefusal, Secret } from "../unlocked-history";
import type { Slot, VaultServer, VaultSnapshot } from "../vault-contents";
import { refillMessage } from "../vault-write";
import { deriveKey, type RootKey } from "./root-key";
import { type Behind, takeIn, type UnlockedState } from "./saving";
import { unlockBySecret } from "./unlock-slot";

export type PresentProof =
  /** `slot` is the one that the secret opened. The caller overwrites `rootKey`. */
  { ok: true; vault: VaultSnapshot; rootKey: RootKey; slot: Slot } | PresentRefusal;

/**
 * Fetches the vault, takes in what is new, and opens one of its slots by the present secret. Only the root key that the
 * open vault's own keys come from is taken as proof. A right passphrase gives the vault its guesses back.
 */
export async function checkPresent(
  state: UnlockedState,
  present: Secret,
  world: { server: VaultServer; random: RandomBytes },
  onStep: OnStep,
): Promise<PresentProof> {
  onStep("fetching");
  const fetched = await fetchInto(state, world.server);
  if (!fetched.ok) return fetched;
  const { vault } = fetched;
  const opened = await unlockBySecret(vault, present, world, onStep);
  if (!opened.ok) return opened.why === "damaged" ? { ok: false, why: opened.why } : opened;
  const { rootKey, slot, refillNonce } = opened;
  const refuse = (why: "locked" | "substituted"): PresentProof => {
    rootKey.fill(0);
    return { ok: false, why };
  };
  if (state.keys.forgotten) return refuse("locked");
  if (!isRootOf(rootKey, state)) return refuse("substituted");
  if (refillNonce !== null) {
    const message = refillMessage(vault.vaultId, vault.epoch, refillNonce);
    await world.server.refillGuesses(refillNonce, sign(state.keys.signingKey, message)).catch(() => {});
  }
  return state.keys.forgotten ? refuse("locked") : { ok: true, vault, rootKey, slot };
}

export async function fetchInto(
  state: UnlockedState,
  server: VaultServer,
): Promise<{ ok: true; vault: VaultSnapshot } | Exclude<Behind, { ok: true }>> {
  const fetched = await server.fetchVault();
  if (!fetched.ok) return fetched;
  const { vault } = fetched;
  if (vault === null) return { ok: false, why: "no-vault" };
  const taken = await takeIn(state, vault);
  return taken.ok ? { ok: true, vault } : taken;
}

/** A slot may hold another root key only where someone else put it there. */
function isRootOf(rootKey: RootKey, { keys, opened }: UnlockedState): boolean {
  const { vaultId, epoch } = opened.manifest;
  const signingKey = deriveKey(rootKey, vaultId, epoch, "sign");
  const same = equalBytes(signingKey, keys.signingKey);
  signingKey.fill(0);
  return same;
}
