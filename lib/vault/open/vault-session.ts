/** One patron's vault in the browser's worker: set up, unlock, merge, show, remove, export, lock. */
import "./marker";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type {
  AfreshChoice,
  FinishAfreshOutcome,
  FinishKeyOutcome,
  FinishSetUpOutcome,
  HistoryRow,
  KeepOutcome,
  KeyChange,
  OnStep,
  Overview,
  PasskeyAnswer,
  PrepareAfreshOutcome,
  PrepareKeyOutcome,
  PrepareSetUpOutcome,
  RefreshOutcome,
  RemoveOutcome,
  RollbackChoice,
  Secret,
  ServerTrouble,
  UnlockOutcome,
  VaultSession,
  VisitOutcome,
} from "../unlocked-history";
import type { DeviceMemory, VaultServer } from "../vault-contents";
import { refillMessage } from "../vault-write";
import type { ReadLoans } from "../visited-loan";
import { historyCsv, historyJson } from "./export-history";
import { endOf, type HistoryEntry } from "./history-entry";
import { answerPasskey, forgetPrepared, type PreparedKey, prepareKey, storeKey } from "./key-change";
import { openingHalf } from "./marker";
import { forgetHeld } from "./new-slot";
import { countReadable, isSubstituted, mergeInbox, needsSaving, openVault, overviewOf } from "./open-vault";
import { beginKeeping, noMemory, rememberState, stopKeeping } from "./own-device";
import { judgePassphrase } from "./passphrase-strength";
import { newPassphrase } from "./passphrase-words";
import { acceptLine, findRollback, putBack } from "./rollback";
import { deriveVaultKeys, forgetKeys } from "./root-key";
import { freshState, save, takeIn, type UnlockedState, unnotedUse } from "./saving";
import { copySealed } from "./sealed-copy";
import { forgetSetUp, type PreparedVault, prepareVault, sendPrepared } from "./set-up";
import { showKey } from "./shown-key";
import { sightsBehind, takeVisit } from "./sights";
import { forgetAfresh, type PreparedAfresh, prepareAfresh, storeAfresh } from "./start-afresh";
import { unlockBySecret } from "./unlock-slot";
import { copyingServer } from "./vault-copy";

export interface SessionWorld {
  server: VaultServer;
  random: RandomBytes;
  /** Today as an ISO 8601 calendar date. */
  today: () => string;
  /** What is out to the patron now. Absent where nothing but events is to be asked. */
  readLoans?: ReadLoans;
  /** Absent on a device that remembers nothing. */
  memory?: DeviceMemory;
}

const rowOf = ({ goneOn, ...entry }: HistoryEntry): HistoryRow => ({
  ...entry,
  ...(goneOn !== undefined && endOf({ goneOn, ...entry }) === goneOn ? { goneOn } : {}),
  subjects: [...entry.subjects],
  renewals: [...entry.renewals],
});

const nobodyWatches: OnStep = () => {};

export function openVaultSession(given: SessionWorld): VaultSession {
  const server = copyingServer(given.server);
  const device = { memory: given.memory ?? noMemory, copies: server };
  const world = { ...given, server };
  let unlocked: UnlockedState | null = null;
  let prepared: PreparedVault | null = null;
  let preparedKey: PreparedKey | null = null;
  let preparedAfresh: PreparedAfresh | null = null;
  /** Counts locks: work that began before one must not unlock after it. */
  let locks = 0;
  let queue: Promise<unknown> = Promise.resolve();

  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work);
    queue = result.then(() => unlocked && rememberState(unlocked, device)).catch(() => {});
    return result;
  }

  function overview(): Overview | null {
    return unlocked === null ? null : overviewOf(unlocked.opened, unlocked);
  }

  function rows(): HistoryRow[] {
    return unlocked === null ? [] : unlocked.opened.shelf.newestFirst().map(rowOf);
  }

  function lock(): void {
    locks += 1;
    if (unlocked !== null) forgetKeys(unlocked.keys);
    if (prepared !== null) forgetSetUp(prepared);
    if (preparedAfresh !== null) forgetAfresh(preparedAfresh);
    unlocked = null;
    prepared = null;
    preparedAfresh = null;
    leaveKeyChange();
    server.begin(null);
  }

  function leaveKeyChange(): void {
    if (preparedKey !== null) forgetPrepared(preparedKey);
    preparedKey = null;
  }

  async function prepareSetUp(
    choice: { passphrase: string; cardNumber?: string },
    onStep: OnStep,
  ): Promise<PrepareSetUpOutcome> {
    lock();
    const begun = locks;
    const result = await prepareVault(choice, world, onStep);
    if (!result.ok) return result.why === "bad-answer" ? { ok: false, why: "refused" } : result;
    if (locks === begun) prepared = result.prepared;
    else forgetSetUp(result.prepared);
    return { ok: true, recoveryCode: result.prepared.recoveryCode };
  }

  async function finishSetUp(): Promise<FinishSetUpOutcome> {
    const made = prepared;
    if (made === null) return { ok: false, why: "not-prepared" };
    const begun = locks;
    const created = await sendPrepared(made, world);
    if (!created.ok && created.why !== "exists") return created;
    const fetched = await server.fetchVault();
    const stored = fetched.ok ? fetched.vault : null;
    // After an answer that never arrived, the vault that exists may be the very one that was sent.
    if (!created.ok && stored?.vaultId !== made.creation.vaultId) {
      return fetched.ok || fetched.why === "damaged" ? { ok: false, why: "exists" } : fetched;
    }
    if (locks !== begun) return { ok: false, why: "locked" };
    const opened = await openVault(stored ?? asStored(made), made.keys);
    if (!opened.ok || locks !== begun) return { ok: false, why: opened.ok ? "locked" : "refused" };
    forgetHeld(made.held);
    prepared = null;
    unlocked = freshState(made.keys, opened.opened, null);
    return { ok: true, overview: overviewOf(opened.opened, unlocked) };
  }

  async function unlock(way: Secret, onStep: OnStep, vaultId: string | null): Promise<UnlockOutcome> {
    lock();
    const begun = locks;
    onStep("fetching");
    const remembered = vaultId === null ? null : await device.memory.recall(vaultId);
    server.begin(remembered);
    const fetched = await server.fetchVault();
    if (!fetched.ok) return fetched.why === "damaged" ? { ok: false, why: "vault-damaged" } : fetched;
    const { vault } = fetched;
    if (vault === null) {
      if (remembered !== null) await device.memory.forget(remembered.vaultId);
      return { ok: false, why: "no-vault" };
    }
    const slot = await unlockBySecret(vault, way, world, onStep);
    if (!slot.ok) return slot;

    onStep("opening");
    const keys = await deriveVaultKeys(slot.rootKey, vault.vaultId, vault.epoch);
    slot.rootKey.fill(0);
    const giveUp = <T>(outcome: T): T => {
      forgetKeys(keys);
      return outcome;
    };
    if (isSubstituted(vault, keys)) return giveUp({ ok: false, why: "substituted" });
    const refilled =
      slot.refillNonce === null
        ? Promise.resolve()
        : refill(vault.vaultId, vault.epoch, slot.refillNonce, keys.signingKey);
    const opened = await openVault(vault, keys);
    if (!opened.ok && opened.why === "damaged") {
      const readable = await countReadable(vault, keys);
      return giveUp({ ok: false, why: "damaged", readable, waiting: vault.inbox.length });
    }
    if (!opened.ok) return giveUp({ ok: false, why: "unknown-version" });
    const known = remembered?.vaultId === vault.vaultId ? remembered : null;
    const state = freshState(keys, opened.opened, known);
    state.use = unnotedUse(state.opened, slot.slot, world.today());

    if (vault.inbox.length > 0) {
      onStep("merging");
      await mergeInbox(state.opened, vault, keys, state.openedRows);
      state.gapSeen = state.opened.gaps > 0;
    }
    state.rollback = await findRollback(state);
    await refilled;
    if (locks !== begun) return giveUp({ ok: false, why: "locked" });
    if (state.rollback === null && needsSaving(state.opened)) onStep("saving");
    const saved = await save(state, world);
    if (locks !== begun) return giveUp({ ok: false, why: "locked" });
    if (!saved.ok && (saved.why === "no-vault" || saved.why === "started-afresh")) {
      return giveUp({ ok: false, why: saved.why });
    }
    unlocked = state;
    const trouble = saved.ok || !isTrouble(saved.why) ? null : saved.why;
    return { ok: true, overview: overviewOf(state.opened, state), trouble };
  }

  /** A refill that does not arrive costs a few guesses, never the unlocking. */
  async function refill(
    vaultId: string,
    epoch: number,
    nonce: Uint8Array,
    key: UnlockedState["keys"]["signingKey"],
  ): Promise<void> {
    await server.refillGuesses(nonce, sign(key, refillMessage(vaultId, epoch, nonce))).catch(() => {});
  }

  async function refresh(onStep: OnStep): Promise<RefreshOutcome> {
    const state = unlocked;
    if (state === null) return { ok: false, why: "locked" };
    onStep("fetching");
    const fetched = await server.fetchVault();
    if (!fetched.ok) return fetched;
    if (fetched.vault === null) return { ok: false, why: "no-vault" };
    if (unlocked !== state) return { ok: false, why: "locked" };
    if (fetched.vault.inbox.length > 0) onStep("merging");
    const taken = await takeIn(state, fetched.vault);
    if (!taken.ok) return taken;
    if (state.rollback !== null) state.rollback = await findRollback(state);
    return saveAndTell(state, onStep);
  }

  async function visit(): Promise<VisitOutcome> {
    const state = unlocked;
    if (state === null) return { ok: false, why: "locked" };
    const read = await world.readLoans?.();
    if (unlocked !== state) return { ok: false, why: "locked" };
    if (read && !read.ok) return read;
    if (read) {
      state.visit = read.visit;
      takeVisit(state.opened.shelf, read.visit);
    }
    return saveAndTell(state, nobodyWatches);
  }

  async function settleRollback(choice: RollbackChoice): Promise<RefreshOutcome> {
    const state = unlocked;
    if (state === null) return { ok: false, why: "locked" };
    if (state.rollback === null) return { ok: true, overview: overviewOf(state.opened, state) };
    if (choice === "put-back") await putBack(state);
    if (unlocked !== state) return { ok: false, why: "locked" };
    acceptLine(state);
    const outcome = await saveAndTell(state, nobodyWatches);
    // Otherwise a copy is never replaced by one that is older by its number.
    if (outcome.ok && !outcome.overview.unsaved) await beginKeeping(state, device);
    return outcome;
  }

  async function keepOnDevice(): Promise<KeepOutcome> {
    const state = unlocked;
    if (state === null) return { ok: false, why: "locked" };
    if (!(await beginKeeping(state, device))) return { ok: false, why: "not-stored" };
    return { ok: true, overview: overviewOf(state.opened, state) };
  }

  async function forgetDevice(): Promise<Overview | null> {
    if (unlocked !== null) await stopKeeping(unlocked, device);
    return overview();
  }

  async function saveAndTell(state: UnlockedState, onStep: OnStep): Promise<RefreshOutcome> {
    if (unlocked !== state) return { ok: false, why: "locked" };
    if (state.rollback === null && needsSaving(state.opened)) onStep("saving");
    const saved = await save(state, world);
    if (unlocked !== state) return { ok: false, why: "locked" };
    if (!saved.ok && saved.why !== "refused" && saved.why !== "conflict" && !unreached(saved.why)) {
      return { ok: false, why: saved.why };
    }
    return { ok: true, overview: overviewOf(state.opened, state) };
  }

  async function removeEntry(id: string): Promise<RemoveOutcome> {
    const state = unlocked;
    if (state === null) return { ok: false, why: "locked" };
    if (!state.opened.shelf.has(id)) return { ok: false, why: "no-such-entry" };
    for (const one of [id, ...sightsBehind(state.opened.shelf, id)]) {
      state.removals.add(one);
      state.opened.shelf.remove(one);
    }
    const saved = await saveAndTell(state, nobodyWatches);
    if (unlocked !== state) return { ok: false, why: "locked" };
    if (!saved.ok && saved.why === "started-afresh") return { ok: false, why: saved.why };
    return { ok: true, overview: overviewOf(state.opened, state) };
  }

  async function prepareKeyChange(change: KeyChange, onStep: OnStep): Promise<PrepareKeyOutcome> {
    const state = unlocked;
    leaveKeyChange();
    if (state === null) return { ok: false, why: "locked" };
    const result = await prepareKey(state, change, world, onStep);
    if (result.ok && unlocked !== state) forgetPrepared(result.prepared);
    if (unlocked !== state) return { ok: false, why: "locked" };
    if (!result.ok) return result;
    preparedKey = result.prepared;
    const { recoveryCode, passkeySalt } = result;
    return { ok: true, recoveryCode, passkeySalt };
  }

  async function takePasskey(
    answer: PasskeyAnswer & { host: string },
  ): ReturnType<VaultSession["answerPasskey"]> {
    if (preparedKey?.kind !== "passkey") return { ok: false, why: "not-prepared" };
    preparedKey = answerPasskey(preparedKey, answer, world);
    return { ok: true };
  }

  async function finishKeyChange(): Promise<FinishKeyOutcome> {
    const state = unlocked;
    if (state === null) return { ok: false, why: "locked" };
    if (preparedKey === null || preparedKey.kind === "passkey") return { ok: false, why: "not-prepared" };
    const stored = await storeKey(state, preparedKey, world);
    if (unlocked !== state) return { ok: false, why: "locked" };
    if (!stored.ok) return stored;
    preparedKey = null;
    return { ok: true, overview: overviewOf(state.opened, state) };
  }

  /** What is done with an open vault, unless it is locked before or meanwhile. */
  async function whileOpen<T>(
    work: (state: UnlockedState) => Promise<T>,
  ): Promise<T | { ok: false; why: "locked" }> {
    const state = unlocked;
    if (state === null) return { ok: false, why: "locked" };
    try {
      const outcome = await work(state);
      return unlocked === state ? outcome : { ok: false, why: "locked" };
    } catch (cause) {
      // Overwritten keys open and seal nothing.
      if (state.keys.forgotten) return { ok: false, why: "locked" };
      throw cause;
    }
  }

  async function startAfresh(choice: AfreshChoice, onStep: OnStep): Promise<PrepareAfreshOutcome> {
    if (preparedAfresh !== null) forgetAfresh(preparedAfresh);
    preparedAfresh = null;
    return whileOpen(async (state) => {
      const result = await prepareAfresh(state, choice, world, onStep);
      if (!result.ok) return result;
      if (unlocked === state) preparedAfresh = result.prepared;
      else forgetAfresh(result.prepared);
      return { ok: true, recoveryCode: result.recoveryCode };
    });
  }

  async function finishAfresh(onStep: OnStep): Promise<FinishAfreshOutcome> {
    return whileOpen(async (state) => {
      if (preparedAfresh === null) return { ok: false, why: "not-prepared" };
      const stored = await storeAfresh(state, preparedAfresh, world, onStep);
      if (!stored.ok || unlocked !== state) return stored.ok ? { ok: false, why: "locked" } : stored;
      preparedAfresh = null;
      return { ok: true, overview: overviewOf(state.opened, state) };
    });
  }

  return {
    build: openingHalf,
    suggestPassphrase: () => newPassphrase(world.random),
    judgePassphrase,
    prepareSetUp: (choice, onStep = nobodyWatches) => inOrder(() => prepareSetUp(choice, onStep)),
    finishSetUp: () => inOrder(finishSetUp),
    unlock: (way, onStep = nobodyWatches, vaultId = undefined) =>
      inOrder(() => unlock(way, onStep, vaultId ?? null)),
    overview,
    page: (offset, limit) => {
      const all = unlocked === null ? [] : unlocked.opened.shelf.newestFirst();
      return { total: all.length, rows: all.slice(offset, offset + limit).map(rowOf) };
    },
    refresh: (onStep = nobodyWatches) => inOrder(() => refresh(onStep)),
    visit: () => inOrder(visit),
    removeEntry: (id) => inOrder(() => removeEntry(id)),
    settleRollback: (choice) => inOrder(() => settleRollback(choice)),
    keepOnDevice: () => inOrder(keepOnDevice),
    forgetDevice: () => inOrder(forgetDevice),
    prepareKeyChange: (change, onStep = nobodyWatches) => inOrder(() => prepareKeyChange(change, onStep)),
    answerPasskey: (answer) => inOrder(() => takePasskey(answer)),
    finishKeyChange: () => inOrder(finishKeyChange),
    showKey: (present, onStep = nobodyWatches) =>
      inOrder(() => whileOpen((state) => showKey(state, present, world, onStep))),
    copySealed: (sealedFor) => inOrder(() => whileOpen((state) => copySealed(state, sealedFor, world))),
    leaveKeyChange,
    prepareAfresh: (choice, onStep = nobodyWatches) => inOrder(() => startAfresh(choice, onStep)),
    finishAfresh: (onStep = nobodyWatches) => inOrder(() => finishAfresh(onStep)),
    exportJson: () => (unlocked === null ? null : historyJson(rows(), world.today())),
    exportCsv: () => (unlocked === null ? null : historyCsv(rows())),
    lock,
  };
}

const unreached = (why: string): why is "offline" | "signed-out" => why === "offline" || why === "signed-out";

const isTrouble = (why: string): why is ServerTrouble =>
  why === "rolled-back" || why === "substituted" || why === "damaged" || why === "unknown-version";

/** A vault as the server holds it right after its creation. */
function asStored({ creation, manifest }: PreparedVault) {
  return {
    ...creation,
    intakePublicKey: manifest.intakePublicKey,
    sequence: manifest.sequence,
    chapters: [],
    inbox: [],
  };
}
