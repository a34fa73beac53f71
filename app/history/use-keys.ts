"use client";
/** A change of keys as its part of the page sees it: which change, how far it is, and why it went no further. */
import { useState } from "react";
import type {
  FinishAfreshOutcome,
  FinishKeyOutcome,
  KeyChange,
  PasskeyAnswer,
  PrepareAfreshOutcome,
  PrepareKeyOutcome,
  Way,
} from "@/lib/vault/unlocked-history";
import { forgetPasskey, passkeyHost } from "./passkey";
import type { Vault } from "./use-vault";

export type KeyFailure =
  | Extract<PrepareKeyOutcome | FinishKeyOutcome | PrepareAfreshOutcome | FinishAfreshOutcome, { ok: false }>
  /** The change was sent and nothing came back: it may have arrived. */
  | { ok: false; why: "unanswered" };

interface Attempt {
  failure: KeyFailure | null;
  working: boolean;
}

export type KeysState =
  | { step: "list" }
  | ({ step: "passphrase"; suggestion: string } & Attempt)
  | ({ step: "recovery" } & Attempt)
  | ({ step: "passkey" } & Attempt)
  | ({ step: "removal"; way: Way } & Attempt)
  | ({ step: "code"; recoveryCode: string } & Attempt)
  /** The passkey is yet to be made. */
  | ({ step: "make"; salt: Uint8Array } & Attempt)
  | { step: "done"; changed: KeyChange["kind"] };

export interface KeysActs {
  begin(kind: "passphrase" | "recovery" | "passkey"): Promise<void>;
  beginRemoval(way: Way): void;
  leave(): void;
  /** For a passphrase and a removal this is the whole change; a recovery code's sheet and a passkey's making come next. */
  change(change: KeyChange): Promise<void>;
  keepCode(): Promise<void>;
  /** Null to store once more what has been answered already. */
  keepPasskey(answer: (PasskeyAnswer & { host: string }) | null): Promise<void>;
}

export function useKeys(vault: Vault): [KeysState, KeysActs] {
  const [now, setNow] = useState<KeysState>({ step: "list" });
  const working = () => setNow((was) => ("working" in was ? { ...was, failure: null, working: true } : was));
  const fail = (failure: KeyFailure) =>
    setNow((was) => ("working" in was ? { ...was, failure, working: false } : was));
  const fresh: Attempt = { failure: null, working: false };

  async function forgetRemoved() {
    const passkey = now.step === "removal" ? now.way.passkey : null;
    if (passkey?.host === passkeyHost()) await forgetPasskey(passkey.credentialId);
  }

  async function finish(changed: KeyChange["kind"]) {
    const outcome = await vault.finishKeyChange();
    if (outcome === null) return;
    if (outcome.ok && changed === "removal") await forgetRemoved();
    if (outcome.ok) setNow({ step: "done", changed });
    else fail(outcome.why === "offline" ? { ok: false, why: "unanswered" } : outcome);
  }

  const acts: KeysActs = {
    async begin(kind) {
      if (kind === "recovery") return setNow({ step: kind, ...fresh });
      if (kind === "passkey") return setNow({ step: kind, ...fresh });
      const suggestion = await vault.suggestPassphrase();
      if (suggestion !== null) setNow({ step: kind, suggestion, ...fresh });
    },
    beginRemoval: (way) => setNow({ step: "removal", way, ...fresh }),
    leave() {
      void vault.leaveKeyChange();
      setNow({ step: "list" });
    },
    async change(change) {
      working();
      const outcome = await vault.prepareKeyChange(change);
      if (outcome === null) return;
      if (!outcome.ok) return fail(outcome);
      const { recoveryCode, passkeySalt } = outcome;
      if (recoveryCode !== null) setNow({ step: "code", recoveryCode, ...fresh });
      else if (passkeySalt !== null) setNow({ step: "make", salt: passkeySalt, ...fresh });
      else await finish(change.kind);
    },
    keepCode() {
      working();
      return finish("recovery");
    },
    async keepPasskey(answer) {
      working();
      const taken = answer === null ? { ok: true as const } : await vault.answerPasskey(answer);
      if (taken === null) return;
      if (taken.ok) await finish("passkey");
      else fail(taken);
    },
  };
  return [now, acts];
}
