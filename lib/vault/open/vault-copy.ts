/** Keeps the sealed bytes of one vault as the server last showed them, so that only what has changed is fetched. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Chapter, DeviceCopy, KnownVault, VaultServer, VaultSnapshot } from "../vault-contents";
import { nextSequence } from "../vault-write";
import { manifestHash } from "./manifest";

/** A server whose answers are kept, and which is asked for the rest only. */
export interface CopyingServer extends VaultServer {
  /** What was kept on this device, or nothing. Forgets what came before. */
  begin(copy: DeviceCopy | null): void;
  /** The sealed bytes of the state whose manifest has this hash; null when they are not at hand. */
  copyOf(hash: Uint8Array): DeviceCopy | null;
}

/** By their bytes as they lie here: a chapter that was damaged meanwhile is another one, and comes anew. */
export function knownOf({ vaultId, chapters }: DeviceCopy): KnownVault {
  return { vaultId, chapters: chapters.map(({ id, blob }) => ({ id, sha256: sha256(blob) })) };
}

export function copyOfSnapshot(vault: VaultSnapshot): DeviceCopy {
  const { vaultId, epoch, sequence, manifest, chapters } = vault;
  return { vaultId, epoch, sequence, manifest, manifestHash: manifestHash(manifest), chapters };
}

export function copyingServer(server: VaultServer): CopyingServer {
  let copy: DeviceCopy | null = null;

  function whole(vault: VaultSnapshot, unchanged: readonly string[]): VaultSnapshot {
    const kept = copy?.vaultId === vault.vaultId ? copy.chapters : [];
    const left = kept.filter(({ id }) => unchanged.includes(id));
    return { ...vault, chapters: [...vault.chapters, ...left] };
  }

  /** After a write that the server has taken; nothing when it was not made from what is kept. */
  function turn(sequence: number, manifest: Uint8Array, chapters: (kept: Chapter[]) => Chapter[]): void {
    if (copy === null) return;
    copy = {
      ...copy,
      sequence,
      manifest,
      manifestHash: manifestHash(manifest),
      chapters: chapters(copy.chapters),
    };
  }

  return {
    begin(kept) {
      copy = kept;
    },
    copyOf: (hash) => (copy !== null && equalBytes(copy.manifestHash, hash) ? copy : null),
    async fetchVault() {
      const fetched = await server.fetchVault(copy === null ? undefined : knownOf(copy));
      if (!fetched.ok || fetched.vault === null) return fetched;
      const vault = whole(fetched.vault, fetched.unchanged ?? []);
      copy = copyOfSnapshot(vault);
      return { ok: true, vault };
    },
    async commitVault(commit) {
      const answer = await server.commitVault(commit);
      const sequence = nextSequence(commit);
      if (answer.ok && sequence !== null) {
        const gone = new Set([...commit.droppedChapterIds, ...commit.chapters.map(({ id }) => id)]);
        turn(sequence, commit.manifest, (kept) => [
          ...kept.filter(({ id }) => !gone.has(id)),
          ...commit.chapters,
        ]);
      }
      return answer;
    },
    async changeSlots(change) {
      const answer = await server.changeSlots(change);
      if (answer.ok) turn(change.previousSequence + 1, change.manifest, (kept) => kept);
      return answer;
    },
    /** Everything is sealed anew, and nothing under the old keys is kept. */
    async startAfresh(afresh) {
      const answer = await server.startAfresh(afresh);
      if (answer.ok && copy !== null) {
        copy = { ...copy, epoch: afresh.epoch + 1 };
        turn(afresh.previousSequence + 1, afresh.manifest, () => afresh.chapters);
      }
      return answer;
    },
    createVault: (creation) => server.createVault(creation),
    prepareOprf: (vaultId, slotId, blinded) => server.prepareOprf(vaultId, slotId, blinded),
    evaluateOprf: (slotId, blinded) => server.evaluateOprf(slotId, blinded),
    refillGuesses: (nonce, signature) => server.refillGuesses(nonce, signature),
  };
}
