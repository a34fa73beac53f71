/** From a way to unlock to an open vault: fetches it, opens a slot, sees whose it is, takes in what waits, saves. */
import "./marker";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type { OnStep, Secret, ServerTrouble, UnlockOutcome } from "../unlocked-history";
import type { DeviceMemory } from "../vault-contents";
import { refillMessage } from "../vault-write";
import { countReadable, isSubstituted, mergeInbox, needsSaving, openVault } from "./open-vault";
import { findRollback } from "./rollback";
import { deriveVaultKeys, forgetKeys, type VaultKeys } from "./root-key";
import { freshState, save, type UnlockedState, unnotedUse } from "./saving";
import { unlockBySecret } from "./unlock-slot";
import type { CopyingServer } from "./vault-copy";

interface UnlockWorld {
  server: CopyingServer;
  memory: DeviceMemory;
  random: RandomBytes;
  today: () => string;
  /** False once the reader has locked: what was begun before must not open after it. */
  isWanted: () => boolean;
}

type Refusal = Exclude<UnlockOutcome, { ok: true }>;

/** `vaultId` names the vault whose copy this device may have. */
export async function unlockVault(
  way: Secret,
  vaultId: string | null,
  world: UnlockWorld,
  onStep: OnStep,
): Promise<{ ok: true; state: UnlockedState; trouble: ServerTrouble | null } | Refusal> {
  const { server, memory, isWanted } = world;
  onStep("fetching");
  const remembered = vaultId === null ? null : await memory.recall(vaultId);
  server.begin(remembered);
  const fetched = await server.fetchVault();
  if (!fetched.ok) return fetched.why === "damaged" ? { ok: false, why: "vault-damaged" } : fetched;
  const { vault } = fetched;
  if (vault === null) {
    if (remembered !== null) await memory.forget(remembered.vaultId);
    return { ok: false, why: "no-vault" };
  }
  const slot = await unlockBySecret(vault, way, world, onStep);
  if (!slot.ok) return slot;

  onStep("opening");
  const keys = await deriveVaultKeys(slot.rootKey, vault.vaultId, vault.epoch);
  slot.rootKey.fill(0);
  const giveUp = (refusal: Refusal): Refusal => {
    forgetKeys(keys);
    return refusal;
  };
  if (isSubstituted(vault, keys)) return giveUp({ ok: false, why: "substituted" });
  const refilled = slot.refillNonce === null ? null : refill(vault, slot.refillNonce, keys, server);
  const opened = await openVault(vault, keys);
  if (!opened.ok && opened.why === "damaged") {
    const readable = await countReadable(vault, keys);
    return giveUp({ ok: false, why: "damaged", readable, waiting: vault.inbox.length });
  }
  if (!opened.ok) return giveUp({ ok: false, why: "unknown-version" });
  // By the id that the keys have proved: another one, named beside it, must not hide what this device remembers.
  const isNamed = vaultId === null || vaultId === vault.vaultId;
  const known = isNamed ? remembered : await memory.recall(vault.vaultId);
  const state = freshState(keys, opened.opened, known);
  state.use = unnotedUse(state.opened, slot.slot, world.today());

  if (vault.inbox.length > 0) {
    onStep("merging");
    await mergeInbox(state.opened, vault, keys, state.openedRows);
    state.gapSeen = state.opened.gaps > 0;
  }
  state.rollback = await findRollback(state);
  await refilled;
  if (!isWanted()) return giveUp({ ok: false, why: "locked" });
  if (state.rollback === null && needsSaving(state.opened)) onStep("saving");
  const saved = await save(state, world);
  if (!isWanted()) return giveUp({ ok: false, why: "locked" });
  if (!saved.ok && (saved.why === "no-vault" || saved.why === "started-afresh")) {
    return giveUp({ ok: false, why: saved.why });
  }
  return { ok: true, state, trouble: saved.ok || !isTrouble(saved.why) ? null : saved.why };
}

/** A refill that does not arrive costs a few guesses, never the unlocking. */
async function refill(
  { vaultId, epoch }: { vaultId: string; epoch: number },
  nonce: Uint8Array,
  { signingKey }: VaultKeys,
  server: CopyingServer,
): Promise<void> {
  await server.refillGuesses(nonce, sign(signingKey, refillMessage(vaultId, epoch, nonce))).catch(() => {});
}

const isTrouble = (why: string): why is ServerTrouble =>
  why === "rolled-back" || why === "substituted" || why === "damaged" || why === "unknown-version";
