/** Starts and ends the vault's thread. Ending it is the surest way to forget: its memory goes with it. */
import { type Remote, releaseProxy, wrap } from "comlink";
import type { VaultSession } from "@/lib/vault/unlocked-history";

export interface VaultThread {
  session: Remote<VaultSession>;
  /** Never resolves; rejects when the thread's file cannot be fetched or the thread breaks. */
  broken: Promise<never>;
  end(): void;
}

export function startVaultThread(): VaultThread {
  const worker = new Worker(new URL("./vault.worker.ts", import.meta.url), { type: "module" });
  const session = wrap<VaultSession>(worker);
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener("error", () => reject(new Error("thread-broken")));
  });
  broken.catch(() => {});
  return {
    session,
    broken,
    end() {
      session[releaseProxy]();
      worker.terminate();
    },
  };
}
