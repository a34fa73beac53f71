/** Keeps an open vault and the server in step: takes in what the server has, saves what it has not, retries conflicts. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import type { RandomBytes } from "../random-bytes";
import type { Rollback, ServerTrouble } from "../unlocked-history";
import type { DeviceCopy, NotAnswered, Slot, VaultServer, VaultSnapshot } from "../vault-contents";
import type { Visit } from "../visited-loan";
import type { HistoryEntry } from "./history-entry";
import type { OpenedRows } from "./inbox-reading";
import { manifestHash } from "./manifest";
import {
  adoptCommit,
  areAltered,
  isSubstituted,
  mergeInbox,
  needsSaving,
  type OpenVault,
  openVault,
  type PlannedCommit,
  planCommit,
} from "./open-vault";
import type { VaultKeys } from "./root-key";
import { takeVisit } from "./sights";
import { noteOf, type SlotUse } from "./slot-note";

/** What the worker's memory holds while a vault is unlocked. */
export interface UnlockedState {
  keys: VaultKeys;
  opened: OpenVault;
  openedRows: OpenedRows;
  gapSeen: boolean;
  /** Removed here, not yet saved: to be removed again from whatever a conflict brings. */
  removals: Set<string>;
  /** The slot that opened the vault, on a day on which that is not yet noted. It goes with a save, at most once a day. */
  use: SlotUse | null;
  /** The last visit to the library system: taken in again with whatever a conflict brings. */
  visit?: Visit;
  /** Put back here after a rollback, not yet saved: to be merged again into whatever a conflict brings. */
  returning: HistoryEntry[];
  /** The next save's sequence is at least this. */
  lowestSequence: number;
  ownDevice: boolean;
  /** This device's copy, as long as the server's state is not accepted in its place. */
  remembered: DeviceCopy | null;
  rollback: Rollback | null;
}

export function freshState(keys: VaultKeys, opened: OpenVault, remembered: DeviceCopy | null): UnlockedState {
  return {
    keys,
    opened,
    openedRows: new Map(),
    gapSeen: false,
    removals: new Set(),
    returning: [],
    use: null,
    lowestSequence: 0,
    ownDevice: remembered !== null,
    remembered,
    rollback: null,
  };
}

export type Behind =
  | { ok: true }
  | { ok: false; why: ServerTrouble | "no-vault" | "locked" | "started-afresh" }
  | NotAnswered;

const mostAttempts = 5;

/** The very next manifest must name the one known. Those in between are not kept, so a later one cannot be held to it. */
function followsFrom(known: OpenVault, next: OpenVault): boolean {
  const isNext = next.manifest.sequence === known.manifest.sequence + 1;
  return !isNext || equalBytes(next.manifest.previousHash, known.hash);
}

/** Takes in the server's state. What is in memory stays untouched unless the answer is `ok`. */
export async function takeIn(state: UnlockedState, vault: VaultSnapshot): Promise<Behind> {
  const { keys, opened } = state;
  if (keys.forgotten) return { ok: false, why: "locked" };
  if (vault.vaultId !== opened.manifest.vaultId) return { ok: false, why: "substituted" };
  if (vault.epoch < opened.manifest.epoch) return { ok: false, why: "rolled-back" };
  if (isSubstituted(vault, keys)) {
    return { ok: false, why: vault.epoch > opened.manifest.epoch ? "started-afresh" : "substituted" };
  }
  if (!equalBytes(manifestHash(vault.manifest), opened.hash)) {
    if (vault.sequence <= opened.manifest.sequence) return { ok: false, why: "rolled-back" };
    const next = await openVault(vault, keys);
    if (!next.ok) return next;
    if (!followsFrom(opened, next.opened)) return { ok: false, why: "rolled-back" };
    state.opened = next.opened;
  }
  state.opened.slots = vault.slots;
  state.opened.slotsAltered = areAltered(vault.slots, state.opened.manifest);
  await mergeInbox(state.opened, vault, keys, state.openedRows);
  if (state.opened.gaps > 0) state.gapSeen = true;
  for (const entry of state.returning) state.opened.shelf.merge(entry);
  for (const id of state.removals) state.opened.shelf.remove(id);
  if (state.visit) takeVisit(state.opened.shelf, state.visit);
  return { ok: true };
}

/** Null when it is noted already, and where a note would vouch for slots that somebody put in. */
export function unnotedUse(opened: OpenVault, slot: Slot, day: string): SlotUse | null {
  const noted = noteOf(slot, opened.manifest.slots)?.usedOn === day;
  return noted || opened.slotsAltered ? null : { slotId: slot.id, day };
}

/** `ok: false` leaves everything shown and unsaved; a later call tries again. Nothing is saved onto a rollback. */
export async function save(
  state: UnlockedState,
  world: { server: VaultServer; random: RandomBytes },
): Promise<Behind | { ok: false; why: "refused" | "conflict" | "locked" }> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    if (state.rollback !== null || (!needsSaving(state.opened) && state.use === null)) return { ok: true };
    const planned = await planWithKeys(state, world.random);
    if (planned === null) return { ok: false, why: "locked" };
    const answer = await world.server.commitVault(planned.commit);
    if (answer.ok) {
      adoptCommit(state.opened, planned);
      state.removals.clear();
      state.use = null;
      state.returning = [];
      return answer;
    }
    if (answer.why !== "conflict") return answer;
    const fetched = await world.server.fetchVault();
    if (!fetched.ok) return fetched;
    if (fetched.vault === null) return { ok: false, why: "no-vault" };
    const taken = await takeIn(state, fetched.vault);
    if (!taken.ok) return taken;
  }
  return { ok: false, why: "conflict" };
}

/** Null when the keys were overwritten while sealing: a blob is never sealed under an overwritten key. */
async function planWithKeys(state: UnlockedState, random: RandomBytes): Promise<PlannedCommit | null> {
  try {
    return await planCommit(state.opened, state.keys, random, state.use, state.lowestSequence);
  } catch (cause) {
    if (state.keys.forgotten) return null;
    throw cause;
  }
}
