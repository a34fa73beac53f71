"use client";
/** A change of keys as its part of the page sees it: which change, how far it is, and why it went no further. */
import { useState } from "react";
import type { FinishKeyOutcome, KeyChange, PrepareKeyOutcome } from "@/lib/vault/unlocked-history";
import type { Vault } from "./use-vault";

export type KeyFailure =
  | Extract<PrepareKeyOutcome | FinishKeyOutcome, { ok: false }>
  /** The change was sent and nothing came back: it may have arrived. */
  | { ok: false; why: "unanswered" };

export type KeysState =
  | { step: "list" }
  | { step: "passphrase"; suggestion: string; failure: KeyFailure | null; working: boolean }
  | { step: "recovery"; failure: KeyFailure | null; working: boolean }
  | { step: "code"; recoveryCode: string; failure: KeyFailure | null; working: boolean }
  | { step: "done"; changed: KeyChange["kind"] };

export interface KeysActs {
  begin(kind: KeyChange["kind"]): Promise<void>;
  leave(): void;
  /** For a passphrase this is the whole change; for a recovery code, the sheet comes next. */
  change(change: KeyChange): Promise<void>;
  keepCode(): Promise<void>;
}

export function useKeys(vault: Vault): [KeysState, KeysActs] {
  const [now, setNow] = useState<KeysState>({ step: "list" });
  const working = () => setNow((was) => ("working" in was ? { ...was, failure: null, working: true } : was));
  const fail = (failure: KeyFailure) =>
    setNow((was) => ("working" in was ? { ...was, failure, working: false } : was));

  async function finish(changed: KeyChange["kind"]) {
    const outcome = await vault.finishKeyChange();
    if (outcome === null) return;
    if (outcome.ok) setNow({ step: "done", changed });
    else fail(outcome.why === "offline" ? { ok: false, why: "unanswered" } : outcome);
  }

  const acts: KeysActs = {
    async begin(kind) {
      const suggestion = await vault.suggestPassphrase();
      if (suggestion === null) return;
      const fresh = { failure: null, working: false };
      setNow(kind === "passphrase" ? { step: kind, suggestion, ...fresh } : { step: "recovery", ...fresh });
    },
    leave: () => setNow({ step: "list" }),
    async change(change) {
      working();
      const outcome = await vault.prepareKeyChange(change);
      if (outcome === null) return;
      if (!outcome.ok) return fail(outcome);
      const { recoveryCode } = outcome;
      if (recoveryCode === null) return finish("passphrase");
      setNow({ step: "code", recoveryCode, failure: null, working: false });
    },
    keepCode() {
      working();
      return finish("recovery");
    },
  };
  return [now, acts];
}
