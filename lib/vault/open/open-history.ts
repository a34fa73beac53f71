/** What a reader does with an open history: look for news, visit the library system, remove an entry, settle a rollback. */
import "./marker";
import type { RandomBytes } from "../random-bytes";
import type {
  OnStep,
  Overview,
  RefreshOutcome,
  RemoveOutcome,
  RollbackChoice,
  VisitOutcome,
} from "../unlocked-history";
import type { VaultServer } from "../vault-contents";
import type { ReadLoans } from "../visited-loan";
import { needsSaving, overviewOf } from "./open-vault";
import { acceptLine, findRollback, putBack } from "./rollback";
import { save, takeIn, type UnlockedState } from "./saving";
import { sightsBehind, takeVisit } from "./sights";

interface HistoryWorld {
  server: VaultServer;
  random: RandomBytes;
}

const nobodyWatches: OnStep = () => {};

export function told(state: UnlockedState): { ok: true; overview: Overview } {
  return { ok: true, overview: overviewOf(state.opened, state) };
}

export async function refreshHistory(
  state: UnlockedState,
  world: HistoryWorld,
  onStep: OnStep,
): Promise<RefreshOutcome> {
  onStep("fetching");
  const fetched = await world.server.fetchVault();
  if (!fetched.ok) return fetched;
  if (fetched.vault === null) return { ok: false, why: "no-vault" };
  if (fetched.vault.inbox.length > 0) onStep("merging");
  const taken = await takeIn(state, fetched.vault);
  if (!taken.ok) return taken;
  if (state.rollback !== null) state.rollback = await findRollback(state);
  return saveAndTell(state, world, onStep);
}

/** `readLoans` is absent where the library system reports every loan. */
export async function visitLibrary(
  state: UnlockedState,
  world: HistoryWorld,
  readLoans: ReadLoans | undefined,
): Promise<VisitOutcome> {
  const read = await readLoans?.();
  if (state.keys.forgotten) return { ok: false, why: "locked" };
  if (read && !read.ok) return read;
  if (read) {
    state.visit = read.visit;
    takeVisit(state.opened.shelf, read.visit);
  }
  return saveAndTell(state, world);
}

export async function removeFromHistory(
  state: UnlockedState,
  id: string,
  world: HistoryWorld,
): Promise<RemoveOutcome> {
  const { shelf } = state.opened;
  if (!shelf.has(id)) return { ok: false, why: "no-such-entry" };
  for (const one of [id, ...sightsBehind(shelf, id)]) {
    state.removals.add(one);
    shelf.remove(one);
  }
  const saved = await saveAndTell(state, world);
  return !saved.ok && saved.why === "started-afresh" ? { ok: false, why: saved.why } : told(state);
}

/** The server's state is taken for the truth from here on, with or without what this device had. */
export async function settleRollback(
  state: UnlockedState,
  choice: RollbackChoice,
  world: HistoryWorld,
): Promise<RefreshOutcome> {
  if (state.rollback === null) return told(state);
  if (choice === "put-back") await putBack(state);
  if (state.keys.forgotten) return { ok: false, why: "locked" };
  acceptLine(state);
  // What the reader has given up is not to fill the next copy.
  if (choice === "go-on") state.remembered = null;
  return saveAndTell(state, world);
}

/** What could not be saved for now is shown all the same; what the server should not have shown is not. */
async function saveAndTell(
  state: UnlockedState,
  world: HistoryWorld,
  onStep: OnStep = nobodyWatches,
): Promise<RefreshOutcome> {
  if (state.keys.forgotten) return { ok: false, why: "locked" };
  if (state.rollback === null && needsSaving(state.opened)) onStep("saving");
  const saved = await save(state, world);
  if (!saved.ok && !canWait(saved.why)) return { ok: false, why: saved.why };
  return told(state);
}

type Later = "refused" | "conflict" | "offline" | "signed-out";

const canWait = (why: string): why is Later =>
  why === "refused" || why === "conflict" || why === "offline" || why === "signed-out";
