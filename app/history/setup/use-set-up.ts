"use client";
/** The set-up as its page sees it: one step at a time, keys in the vault's thread, nothing stored before the last step. */
import { proxy } from "comlink";
import { useCallback, useEffect, useRef, useState } from "react";
import type {
  FinishSetUpOutcome,
  PassphraseJudgement,
  PrepareSetUpOutcome,
  UnlockStep,
} from "@/lib/vault/unlocked-history";
import { settingUp, type Watch, watchForIdle } from "../idle-lock";
import { startVaultThread, type VaultThread } from "../vault-thread";

type PrepareFailure = Extract<PrepareSetUpOutcome, { ok: false }>;
type FinishFailure = Extract<FinishSetUpOutcome, { ok: false }>["why"];

export type SetUpState =
  /** `idled`: nobody used the page for a while, or it was put away, and it began again. */
  | { step: "consent"; idled: boolean }
  | { step: "passphrase"; suggestion: string; failure: PrepareFailure | null; working: UnlockStep | null }
  | { step: "recovery"; recoveryCode: string; failure: FinishFailure | null; saving: boolean }
  | { step: "done" };

export interface SetUpActs {
  agree(): Promise<void>;
  suggest(): Promise<string>;
  judge(passphrase: string): Promise<PassphraseJudgement>;
  choose(passphrase: string): Promise<void>;
  finish(): Promise<void>;
  stay(): void;
}

/** `cardNumber`: no passphrase may be it. `locksSoon` is true while the reader is warned that what was made is about to be forgotten. */
export function useSetUp(cardNumber: string): [SetUpState, SetUpActs, { locksSoon: boolean }] {
  const [now, setNow] = useState<SetUpState>({ step: "consent", idled: false });
  const [locksSoon, setLocksSoon] = useState(false);
  const watch = useRef<Watch | null>(null);
  const thread = useRef<VaultThread | null>(null);
  const session = useCallback(() => {
    thread.current ??= startVaultThread();
    return thread.current.session;
  }, []);
  const forget = useCallback(() => {
    watch.current?.stop();
    watch.current = null;
    setLocksSoon(false);
    thread.current?.end();
    thread.current = null;
  }, []);
  useEffect(() => forget, [forget]);
  // From the first thing that could be seen by the next person. A page put aside for "back" would come back with it, too.
  const startWatch = useCallback(() => {
    watch.current ??= watchForIdle(settingUp, setLocksSoon, () => {
      forget();
      setNow({ step: "consent", idled: true });
    });
  }, [forget]);

  const acts: SetUpActs = {
    async agree() {
      startWatch();
      setNow({
        step: "passphrase",
        suggestion: await session().suggestPassphrase(),
        failure: null,
        working: null,
      });
    },
    suggest: () => session().suggestPassphrase(),
    judge: (passphrase) => session().judgePassphrase(passphrase, cardNumber),
    async choose(passphrase) {
      const onStep = proxy((working: UnlockStep) =>
        setNow((was) => (was.step === "passphrase" ? { ...was, working } : was)),
      );
      setNow((was) => (was.step === "passphrase" ? { ...was, failure: null, working: "stretching" } : was));
      const outcome = await session().prepareSetUp({ passphrase, cardNumber }, onStep);
      if (outcome.ok)
        setNow({ step: "recovery", recoveryCode: outcome.recoveryCode, failure: null, saving: false });
      else setNow((was) => (was.step === "passphrase" ? { ...was, failure: outcome, working: null } : was));
    },
    async finish() {
      setNow((was) => (was.step === "recovery" ? { ...was, failure: null, saving: true } : was));
      const outcome = await session().finishSetUp();
      if (!outcome.ok) {
        setNow((was) => (was.step === "recovery" ? { ...was, failure: outcome.why, saving: false } : was));
        return;
      }
      forget();
      setNow({ step: "done" });
    },
    stay: () => watch.current?.stay(),
  };
  return [now, acts, { locksSoon }];
}
