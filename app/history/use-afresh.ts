"use client";
/** A fresh start as its part of the page sees it: what it means, the code to keep, done. */
import { useState } from "react";
import type { AfreshChoice } from "@/lib/vault/unlocked-history";
import { forgetPasskey, usableHere } from "./passkey";
import type { KeyFailure } from "./use-keys";
import type { Vault } from "./use-vault";

export type AfreshState =
  | { step: "offer" }
  | { step: "form"; suggestion: string; failure: KeyFailure | null; working: boolean }
  | { step: "code"; recoveryCode: string; failure: KeyFailure | null; working: boolean }
  | { step: "done" };

export interface AfreshActs {
  begin(): Promise<void>;
  leave(): void;
  prepare(choice: AfreshChoice): Promise<void>;
  finish(): Promise<void>;
}

export function useAfresh(vault: Vault): [AfreshState, AfreshActs] {
  const [now, setNow] = useState<AfreshState>({ step: "offer" });
  const working = () => setNow((was) => ("working" in was ? { ...was, failure: null, working: true } : was));
  const fail = (failure: KeyFailure) =>
    setNow((was) => ("working" in was ? { ...was, failure, working: false } : was));

  const acts: AfreshActs = {
    async begin() {
      const suggestion = await vault.suggestPassphrase();
      if (suggestion !== null) setNow({ step: "form", suggestion, failure: null, working: false });
    },
    leave: () => setNow({ step: "offer" }),
    async prepare(choice) {
      working();
      const outcome = await vault.prepareAfresh(choice);
      if (outcome === null) return;
      if (!outcome.ok) return fail(outcome);
      setNow({ step: "code", recoveryCode: outcome.recoveryCode, failure: null, working: false });
    },
    async finish() {
      working();
      const dead = usableHere(vault.passkeys);
      const outcome = await vault.finishAfresh();
      if (outcome === null) return;
      if (outcome.ok) {
        setNow({ step: "done" });
        for (const { credentialId } of dead) await forgetPasskey(credentialId);
      } else fail(outcome.why === "offline" ? { ok: false, why: "unanswered" } : outcome);
    },
  };
  return [now, acts];
}
