/** Compares what the server shows with what this device remembers, and puts back what a rollback took away. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import type { Rollback } from "../unlocked-history";
import type { DeviceCopy } from "../vault-contents";
import type { ChapterContents } from "./chapter";
import { HistoryShelf } from "./history-shelf";
import { openManifest } from "./manifest";
import type { OpenVault } from "./open-vault";
import type { UnlockedState } from "./saving";

interface Remembered {
  contents: ChapterContents;
  /** Chapters of this device that are, byte for byte, those that the server has lost. */
  healable: string[];
}

const nothing: Remembered = { contents: { entries: [], removed: [] }, healable: [] };

/** Null when the server shows what is remembered, or a later state of it that lacks nothing. */
export async function findRollback(state: UnlockedState): Promise<Rollback | null> {
  const { remembered, opened } = state;
  if (remembered === null) return null;
  const line = compareLines(remembered, opened);
  if (line === "same" && opened.shelf.lost.length === 0) return null;
  const { entries, removed } = (await openRemembered(state)).contents;
  const missing = entries.filter((entry) => opened.shelf.lacks(entry)).length;
  const revived = removed.filter((id) => opened.shelf.has(id)).length;
  if (line === "older" || line === "other-line") return { kind: line, missing, revived };
  return missing + revived > 0 ? { kind: "missing", missing, revived } : null;
}

/**
 * Merges into the open vault what this device has and the server lacks, and removes what was removed. The next save goes
 * on from the server's manifest, under a number above both: other devices that remember the same find nothing to report.
 */
export async function putBack(state: UnlockedState): Promise<void> {
  const { remembered, opened } = state;
  if (remembered === null) return;
  const { contents, healable } = await openRemembered(state);
  state.returning = contents.entries.filter((entry) => opened.shelf.lacks(entry));
  for (const entry of state.returning) opened.shelf.merge(entry);
  for (const id of contents.removed.filter((one) => opened.shelf.has(one))) {
    state.removals.add(id);
    opened.shelf.remove(id);
  }
  for (const id of healable) opened.shelf.recovered(id);
}

/**
 * From here on nothing waits for the reader. One more than the next number: the very next would have to name the remembered
 * manifest as its predecessor.
 */
export function acceptLine(state: UnlockedState): void {
  if (state.remembered !== null) state.lowestSequence = state.remembered.sequence + 2;
  state.rollback = null;
}

type Line = "same" | "later" | "older" | "other-line";

/** The manifests between two are not kept, so a leap forward cannot be held to its chain. Its contents can. */
function compareLines(remembered: DeviceCopy, { manifest, hash }: OpenVault): Line {
  const ahead = manifest.sequence - remembered.sequence;
  if (manifest.epoch < remembered.epoch || ahead < 0) return "older";
  if (ahead === 0) return equalBytes(hash, remembered.manifestHash) ? "same" : "other-line";
  if (ahead === 1 && !equalBytes(manifest.previousHash, remembered.manifestHash)) return "other-line";
  return "later";
}

/** Opens what the copy has and the server does not show in the very same bytes. A copy of another epoch stays closed. */
async function openRemembered({ remembered, opened, keys }: UnlockedState): Promise<Remembered> {
  if (remembered === null || remembered.epoch !== opened.manifest.epoch) return nothing;
  const read = openManifest(keys.manifestKey, remembered, remembered.manifest);
  if (!read.ok) return nothing;
  const { manifest } = read;
  const lost = new Set(opened.shelf.lost.map(({ id }) => id));
  const shown = opened.manifest.chapters.filter(({ id }) => !lost.has(id));
  const differing = manifest.chapters.filter(
    (chapter) => !shown.some(({ id, hash }) => id === chapter.id && equalBytes(hash, chapter.hash)),
  );
  const shelf = await HistoryShelf.open(differing, remembered.chapters, keys.chapterKey, manifest);
  const unread = new Set(shelf.lost.map(({ id }) => id));
  const healable = opened.shelf.lost.filter(({ id, hash }) =>
    differing.some((one) => one.id === id && !unread.has(id) && equalBytes(one.hash, hash)),
  );
  return { contents: shelf.contents(), healable: healable.map(({ id }) => id) };
}
