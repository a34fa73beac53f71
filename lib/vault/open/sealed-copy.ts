/** A sealed copy of everything, as plain age files: the history in one, and the waiting entries as the library sealed them. */
import "./marker";
import { Encrypter } from "age-encryption";
import type { SealedCopyOutcome, SealedFor } from "../unlocked-history";
import type { VaultServer } from "../vault-contents";
import { historyJson } from "./export-history";
import { judgePassphrase } from "./passphrase-strength";
import { fetchInto } from "./present-secret";
import type { UnlockedState } from "./saving";

interface CopyWorld {
  server: VaultServer;
  today: () => string;
}

/**
 * Fetches first, so that the copy is of the vault as it stands: the history then holds what the waiting entries say, too.
 * Nothing is saved. A passphrase is taken without the space around it, and goes through age's own scrypt (2^18, 256 MiB).
 */
export async function copySealed(
  state: UnlockedState,
  sealedFor: SealedFor,
  { server, today }: CopyWorld,
): Promise<SealedCopyOutcome> {
  if (sealedFor.kind === "passphrase") {
    const judged = judgePassphrase(sealedFor.passphrase);
    if (!judged.ok) return { ok: false, why: judged.why };
    // A file can be guessed at without end, unlike a vault.
    if (judged.strength === "fair") return { ok: false, why: "too-weak" };
  }
  const fetched = await fetchInto(state, server);
  if (!fetched.ok) return fetched;
  const madeOn = today();
  const entries = state.opened.shelf.newestFirst();
  const history = await sealText(historyJson(entries, madeOn), sealedFor, state.keys.recipient);
  if (history === null) return { ok: false, why: "bad-recipient" };
  const waiting = fetched.vault.inbox.map((row) => row.sealed);
  return { ok: true, madeOn, total: entries.length, history, waiting };
}

/** Null when a recipient that was given is none; the vault's own always is one. */
async function sealText(text: string, sealedFor: SealedFor, own: string): Promise<Uint8Array | null> {
  const encrypter = new Encrypter();
  try {
    if (sealedFor.kind === "passphrase") encrypter.setPassphrase(sealedFor.passphrase.trim());
    else encrypter.addRecipient(sealedFor.kind === "own" ? own : sealedFor.recipient.trim());
    return await encrypter.encrypt(text);
  } catch (cause) {
    if (sealedFor.kind === "recipient") return null;
    throw cause;
  }
}
