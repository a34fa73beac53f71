"use client";
/** The vault as the history page sees it: one state at a time, and what can be done in it. */
import { proxy, transfer } from "comlink";
import { useCallback, useEffect, useRef, useState } from "react";
import type { PasskeyQuestion } from "@/lib/vault/passkey-question";
import type {
  AfreshChoice,
  FinishAfreshOutcome,
  FinishKeyOutcome,
  HistoryRow,
  KeyChange,
  Overview,
  PasskeyAnswer,
  PassphraseJudgement,
  PrepareAfreshOutcome,
  PrepareKeyOutcome,
  RefreshOutcome,
  RemoveOutcome,
  RollbackChoice,
  SealedCopyOutcome,
  SealedFor,
  Secret,
  ShowKeyOutcome,
  UnlockOutcome,
  UnlockStep,
  VisitOutcome,
} from "@/lib/vault/unlocked-history";
import { hasCopy } from "./device-copies";
import {
  type LockReason,
  type LockTimes,
  ownDevice,
  sharedComputer,
  type Watch,
  watchForIdle,
} from "./idle-lock";
import { lockOtherTabs, whenLockedElsewhere } from "./lock-everywhere";
import { matchOwnDeviceCookie } from "./own-device-cookie";
import { startVaultThread, type VaultThread } from "./vault-thread";

export type UnlockFailure = Extract<UnlockOutcome, { ok: false }>;
export type ActFailure = Extract<RefreshOutcome | RemoveOutcome | VisitOutcome, { ok: false }>["why"];

export type VaultState =
  | { state: "locked"; reason: LockReason | null; failure: UnlockFailure | null }
  /** `failure` is that of the attempt before, so that its notice keeps its place meanwhile. */
  | { state: "unlocking"; step: UnlockStep; failure: UnlockFailure | null }
  | {
      state: "open";
      overview: Overview;
      rows: HistoryRow[];
      /** True while the reader is warned that the vault is about to lock. */
      locksSoon: boolean;
      failure: ActFailure | null;
    };

export interface Vault {
  now: VaultState;
  /** Of this vault, as far as this page knows. */
  passkeys: readonly PasskeyQuestion[];
  unlock(way: Secret): Promise<void>;
  lock(reason: LockReason): void;
  stayUnlocked(): void;
  showOlder(): Promise<void>;
  remove(id: string): Promise<void>;
  saveAgain(): Promise<void>;
  settleRollback(choice: RollbackChoice): Promise<void>;
  /** False when the browser keeps nothing. */
  setOwnDevice(own: boolean): Promise<boolean | null>;
  exportAs(kind: "csv" | "json"): Promise<string | null>;
  /** Null from each of these when the vault was locked meanwhile. */
  suggestPassphrase(): Promise<string | null>;
  judgePassphrase(passphrase: string): Promise<PassphraseJudgement | null>;
  prepareKeyChange(change: KeyChange): Promise<PrepareKeyOutcome | null>;
  answerPasskey(
    answer: PasskeyAnswer & { host: string },
  ): Promise<{ ok: true } | { ok: false; why: "not-prepared" } | null>;
  finishKeyChange(): Promise<FinishKeyOutcome | null>;
  showKey(present: Secret): Promise<ShowKeyOutcome | null>;
  copySealed(sealedFor: SealedFor): Promise<SealedCopyOutcome | null>;
  leaveKeyChange(): Promise<unknown>;
  prepareAfresh(choice: AfreshChoice): Promise<PrepareAfreshOutcome | null>;
  /** Other tabs lock; this one stays open under the new keys. */
  finishAfresh(): Promise<FinishAfreshOutcome | null>;
}

const rowsAtATime = 50;

/** Gives a call of the thread with the outputs of a passkey moved, not copied: the page has them no more. */
export function handOver<T>(secret: Secret, argument: T): T {
  if (secret.kind !== "passkey") return argument;
  return transfer(argument, [secret.first.buffer, secret.second.buffer]);
}

/** The keys of this page are dead, whatever it was about to do. */
function isStartedAfresh(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "why" in answer && answer.why === "started-afresh";
}

interface Patron {
  vaultId: string | null;
  passkeys: readonly PasskeyQuestion[];
  /** No passphrase may be it. */
  cardNumber: string;
  visits: boolean;
}

export function useVault({ vaultId, passkeys: passkeysAtFirst, cardNumber, visits }: Patron): Vault {
  const [passkeys, setPasskeys] = useState(passkeysAtFirst);
  const [now, setNow] = useState<VaultState>({ state: "locked", reason: null, failure: null });
  const thread = useRef<VaultThread | null>(null);
  const watch = useRef<Watch | null>(null);
  const shown = useRef(rowsAtATime);

  const forget = useCallback(() => {
    watch.current?.stop();
    watch.current = null;
    thread.current?.end();
    thread.current = null;
    shown.current = rowsAtATime;
  }, []);

  const lock = useCallback(
    (reason: LockReason) => {
      forget();
      setNow({ state: "locked", reason, failure: null });
    },
    [forget],
  );

  useEffect(() => forget, [forget]);
  useEffect(() => whenLockedElsewhere(lock), [lock]);

  const show = useCallback(async (overview: Overview, failure: ActFailure | null = null) => {
    const mine = thread.current;
    const page = await mine?.session.page(0, shown.current);
    // An answer that was on its way when the reader locked must not open the page again.
    if (!page || thread.current !== mine) return;
    setPasskeys(overview.ways.flatMap((way) => way.passkey ?? []));
    setNow({ state: "open", overview, rows: page.rows, locksSoon: false, failure });
  }, []);

  const watchFor = useCallback(
    (times: LockTimes) => {
      watch.current?.stop();
      watch.current = watchForIdle(
        times,
        (locksSoon) => setNow((was) => (was.state === "open" ? { ...was, locksSoon } : was)),
        lock,
      );
    },
    [lock],
  );

  const unlock = useCallback<Vault["unlock"]>(
    async (way) => {
      const isOwn = vaultId !== null && (await hasCopy(vaultId));
      forget();
      const mine = startVaultThread();
      thread.current = mine;
      // From now on, not only once it is open: whoever leaves while it opens must not find it open on coming back.
      watchFor(isOwn ? ownDevice : sharedComputer);
      setNow((was) => ({
        state: "unlocking",
        step: "fetching",
        failure: was.state === "locked" ? was.failure : null,
      }));
      const onStep = proxy((step: UnlockStep) =>
        setNow((was) => (was.state === "unlocking" ? { ...was, step } : was)),
      );
      // A thread that could not be fetched, or broke, never answers.
      const outcome = await Promise.race([
        mine.session.unlock(handOver(way, way), onStep, vaultId ?? undefined),
        mine.broken,
      ]).catch((): UnlockFailure => ({ ok: false, why: "offline" }));
      if (thread.current !== mine) return;
      if (!outcome.ok) {
        forget();
        setNow({ state: "locked", reason: null, failure: outcome });
        return;
      }
      await show(outcome.overview, outcome.trouble);
      // The history is read meanwhile: a slow library system holds up nothing.
      if (!visits || outcome.trouble || thread.current !== mine) return;
      const visited = await mine.session.visit();
      if (thread.current !== mine) return;
      if (visited.ok) await show(visited.overview);
      else if (visited.why === "started-afresh") lock(visited.why);
      else setNow((was) => (was.state === "open" ? { ...was, failure: visited.why } : was));
    },
    [forget, lock, watchFor, show, vaultId, visits],
  );

  const act = useCallback(
    async (work: (mine: VaultThread) => Promise<RefreshOutcome | RemoveOutcome>) => {
      const mine = thread.current;
      if (!mine) return;
      const outcome = await work(mine);
      if (thread.current !== mine) return;
      if (outcome.ok) await show(outcome.overview);
      else if (outcome.why === "started-afresh") lock(outcome.why);
      else setNow((was) => (was.state === "open" ? { ...was, failure: outcome.why } : was));
    },
    [lock, show],
  );

  /** An answer of the thread, unless it was ended meanwhile: an ended thread never answers. */
  async function ask<T>(question: (session: VaultThread["session"]) => T): Promise<Awaited<T> | null> {
    const mine = thread.current;
    if (!mine) return null;
    const answer = await question(mine.session);
    if (thread.current !== mine) return null;
    if (!isStartedAfresh(answer)) return answer;
    lock("started-afresh");
    return null;
  }

  /** So that the form of the next attempt says what would be given up. */
  async function showLosses(why: string) {
    const overview = why === "damaged" ? await ask((session) => session.overview()) : null;
    if (overview) await show(overview);
  }

  const withCard = (change: KeyChange): KeyChange =>
    change.kind === "passphrase" ? { ...change, cardNumber } : change;

  return {
    now,
    passkeys,
    unlock,
    lock,
    stayUnlocked: () => watch.current?.stay(),
    async showOlder() {
      shown.current += rowsAtATime;
      if (now.state === "open") await show(now.overview, now.failure);
    },
    remove: (id) => act((mine) => mine.session.removeEntry(id)),
    saveAgain: () => act((mine) => mine.session.refresh()),
    settleRollback: (choice) => act((mine) => mine.session.settleRollback(choice)),
    async setOwnDevice(own) {
      const outcome = await ask((session) => (own ? session.keepOnDevice() : session.forgetDevice()));
      await matchOwnDeviceCookie();
      if (outcome === null) return null;
      if ("ok" in outcome && !outcome.ok) return false;
      await show("ok" in outcome ? outcome.overview : outcome);
      watchFor(own ? ownDevice : sharedComputer);
      return true;
    },
    async exportAs(kind) {
      const session = thread.current?.session;
      if (!session) return null;
      return kind === "csv" ? session.exportCsv() : session.exportJson();
    },
    suggestPassphrase: () => ask((session) => session.suggestPassphrase()),
    judgePassphrase: (passphrase) => ask((session) => session.judgePassphrase(passphrase, cardNumber)),
    prepareKeyChange: (change) =>
      ask((session) => session.prepareKeyChange(handOver(change.present, withCard(change)))),
    showKey: (present) => ask((session) => session.showKey(handOver(present, present))),
    copySealed: (sealedFor) => ask((session) => session.copySealed(sealedFor)),
    answerPasskey: (answer) =>
      ask((session) => session.answerPasskey(handOver({ kind: "passkey", ...answer }, answer))),
    leaveKeyChange: () => ask((session) => session.leaveKeyChange()),
    async finishKeyChange() {
      const outcome = await ask((session) => session.finishKeyChange());
      if (outcome?.ok) await show(outcome.overview);
      return outcome;
    },
    async prepareAfresh(choice) {
      const outcome = await ask((session) =>
        session.prepareAfresh(handOver(choice.present, { ...choice, cardNumber })),
      );
      if (outcome?.ok === false) await showLosses(outcome.why);
      return outcome;
    },
    async finishAfresh() {
      const outcome = await ask((session) => session.finishAfresh());
      if (outcome?.ok) {
        lockOtherTabs("started-afresh");
        await show(outcome.overview);
      } else if (outcome !== null) await showLosses(outcome.why);
      return outcome;
    },
  };
}
