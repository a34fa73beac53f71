/** The library's server as the vault's worker reaches it: same-origin requests whose bodies are sealed bytes. */
import type { z } from "zod";
import {
  afreshWire,
  changesWire,
  commitWire,
  creationWire,
  guessAnswerWire,
  guessWire,
  knownWire,
  preparationWire,
  preparedWire,
  refillWire,
  slotChangeWire,
  snapshotWire,
} from "@/app/api/vault/wire";
import type { NotAnswered, VaultServer } from "@/lib/vault/vault-contents";

type Method = "GET" | "POST" | "PUT";

/** An answer, or null when there was none: no network, or a server that could not do its work. */
async function call(path: string, method: Method, body?: unknown): Promise<Response | null> {
  try {
    const answer = await fetch(path, {
      method,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    return answer.status >= 500 ? null : answer;
  } catch {
    return null;
  }
}

function unanswered(answer: Response | null): NotAnswered {
  return { ok: false, why: answer?.status === 401 ? "signed-out" : "offline" };
}

async function decode<S extends z.ZodType>(answer: Response, schema: S): Promise<z.output<S> | null> {
  const result = schema.safeParse(await answer.json().catch(() => null));
  return result.success ? result.data : null;
}

function retryAfterSeconds(answer: Response): number {
  return Number(answer.headers.get("retry-after")) || 60;
}

export const vaultOverHttp: VaultServer = {
  async fetchVault(known) {
    if (known !== undefined && known.chapters.length > 0) {
      const answer = await call("/api/vault/changes", "POST", knownWire.encode(known));
      if (answer?.status === 409) return { ok: false, why: "damaged" };
      const changes = answer?.ok ? await decode(answer, changesWire) : null;
      return changes ? { ok: true, ...changes } : unanswered(answer);
    }
    const answer = await call("/api/vault", "GET");
    if (answer?.status === 409) return { ok: false, why: "damaged" };
    const snapshot = answer?.ok ? await decode(answer, snapshotWire) : null;
    return snapshot ? { ok: true, vault: snapshot.vault } : unanswered(answer);
  },

  async prepareOprf(vaultId, slotId, blinded) {
    const answer = await call(
      "/api/vault/passphrase-slot",
      "POST",
      preparationWire.encode({ vaultId, slotId, blinded }),
    );
    if (answer?.status === 429)
      return { ok: false, why: "too-many", retryAfterSeconds: retryAfterSeconds(answer) };
    const prepared = answer?.ok ? await decode(answer, preparedWire) : null;
    return prepared ? { ok: true, ...prepared } : unanswered(answer);
  },

  async evaluateOprf(slotId, blinded) {
    const answer = await call("/api/vault/guess", "POST", guessWire.encode({ slotId, blinded }));
    if (answer?.status === 429)
      return { ok: false, why: "no-guesses", retryAfterSeconds: retryAfterSeconds(answer) };
    if (answer?.status === 404) return { ok: false, why: "no-vault" };
    const guess = answer?.ok ? await decode(answer, guessAnswerWire) : null;
    return guess ? { ok: true, ...guess } : unanswered(answer);
  },

  async refillGuesses(nonce, signature) {
    await call("/api/vault/guess", "PUT", refillWire.encode({ nonce, signature }));
  },

  async createVault(creation) {
    const answer = await call("/api/vault", "POST", creationWire.encode({ ...creation, epoch: 1 }));
    if (answer?.ok) return { ok: true };
    if (answer?.status === 409) return { ok: false, why: "exists" };
    if (answer?.status === 410) return { ok: false, why: "stale-ticket" };
    return answer && answer.status !== 401 ? { ok: false, why: "refused" } : unanswered(answer);
  },

  async commitVault(commit) {
    return written(await call("/api/vault", "PUT", commitWire.encode(commit)));
  },

  async changeSlots(change) {
    return written(await call("/api/vault/slots", "PUT", slotChangeWire.encode(change)));
  },

  async startAfresh(afresh) {
    const answer = await call("/api/vault/afresh", "POST", afreshWire.encode(afresh));
    if (answer?.status === 410) return { ok: false, why: "stale-ticket" };
    if (answer?.status === 413) return { ok: false, why: "too-large" };
    return written(answer);
  },
};

type Written =
  | { ok: true }
  | { ok: false; why: "conflict" }
  | { ok: false; why: "refused" | "no-vault" }
  | NotAnswered;

function written(answer: Response | null): Written {
  if (answer?.ok) return { ok: true };
  if (answer?.status === 409) return { ok: false, why: "conflict" };
  if (answer?.status === 404) return { ok: false, why: "no-vault" };
  return answer && answer.status !== 401 ? { ok: false, why: "refused" } : unanswered(answer);
}
