/** One patron's vault in the browser's worker: one session, locked or open, that does one thing after another. */
import "./marker";
import type { RandomBytes } from "../random-bytes";
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
  RollbackChoice,
  Secret,
  UnlockOutcome,
  VaultSession,
} from "../unlocked-history";
import type { DeviceMemory, VaultServer } from "../vault-contents";
import type { ReadLoans } from "../visited-loan";
import { historyCsv, historyJson } from "./export-history";
import { endOf, type HistoryEntry } from "./history-entry";
import { answerPasskey, forgetPrepared, type PreparedKey, prepareKey, storeKey } from "./key-change";
import { openingHalf } from "./marker";
import { refreshHistory, removeFromHistory, settleRollback, told, visitLibrary } from "./open-history";
import { overviewOf } from "./open-vault";
import { beginKeeping, noMemory, rememberState, stopKeeping } from "./own-device";
import { judgePassphrase } from "./passphrase-strength";
import { newPassphrase } from "./passphrase-words";
import { forgetKeys } from "./root-key";
import { freshState, type UnlockedState } from "./saving";
import { copySealed } from "./sealed-copy";
import { forgetSetUp, type PreparedVault, prepareVault, storePrepared } from "./set-up";
import { showKey } from "./shown-key";
import { forgetAfresh, type PreparedAfresh, prepareAfresh, storeAfresh } from "./start-afresh";
import { unlockVault } from "./unlocking";
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
    const stored = await storePrepared(made, world);
    if (!stored.ok) return stored;
    prepared = null;
    unlocked = freshState(made.keys, stored.opened, null);
    return told(unlocked);
  }

  async function unlock(way: Secret, onStep: OnStep, vaultId: string | null): Promise<UnlockOutcome> {
    lock();
    const begun = locks;
    const isWanted = () => locks === begun;
    const outcome = await unlockVault(way, vaultId, { ...world, memory: device.memory, isWanted }, onStep);
    if (!outcome.ok) return outcome;
    unlocked = outcome.state;
    return { ...told(unlocked), trouble: outcome.trouble };
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

  async function settle(choice: RollbackChoice): Promise<RefreshOutcome> {
    return whileOpen(async (state) => {
      const hadRollback = state.rollback !== null;
      const outcome = await settleRollback(state, choice, world);
      // Otherwise a copy is never replaced by one that is older by its number.
      if (hadRollback && outcome.ok && !outcome.overview.unsaved) await beginKeeping(state, device);
      return outcome;
    });
  }

  async function keepOnDevice(): Promise<KeepOutcome> {
    return whileOpen(async (state) =>
      (await beginKeeping(state, device)) ? told(state) : { ok: false, why: "not-stored" },
    );
  }

  async function forgetDevice(): Promise<Overview | null> {
    if (unlocked !== null) await stopKeeping(unlocked, device);
    return overview();
  }

  async function prepareKeyChange(change: KeyChange, onStep: OnStep): Promise<PrepareKeyOutcome> {
    leaveKeyChange();
    return whileOpen(async (state) => {
      const result = await prepareKey(state, change, world, onStep);
      if (!result.ok) return result;
      if (unlocked === state) preparedKey = result.prepared;
      else forgetPrepared(result.prepared);
      const { recoveryCode, passkeySalt } = result;
      return { ok: true, recoveryCode, passkeySalt };
    });
  }

  async function takePasskey(
    answer: PasskeyAnswer & { host: string },
  ): ReturnType<VaultSession["answerPasskey"]> {
    if (preparedKey?.kind !== "passkey") return { ok: false, why: "not-prepared" };
    preparedKey = answerPasskey(preparedKey, answer, world);
    return { ok: true };
  }

  async function finishKeyChange(): Promise<FinishKeyOutcome> {
    return whileOpen(async (state) => {
      if (preparedKey === null || preparedKey.kind === "passkey") return { ok: false, why: "not-prepared" };
      const stored = await storeKey(state, preparedKey, world);
      if (!stored.ok || unlocked !== state) return stored.ok ? { ok: false, why: "locked" } : stored;
      preparedKey = null;
      return told(state);
    });
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
      return told(state);
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
    refresh: (onStep = nobodyWatches) =>
      inOrder(() => whileOpen((state) => refreshHistory(state, world, onStep))),
    visit: () => inOrder(() => whileOpen((state) => visitLibrary(state, world, given.readLoans))),
    removeEntry: (id) => inOrder(() => whileOpen((state) => removeFromHistory(state, id, world))),
    settleRollback: (choice) => inOrder(() => settle(choice)),
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
