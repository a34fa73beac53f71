/** An unlocked vault in memory: opened from what the server holds, merged with its inbox, sealed again for saving. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import type { RandomBytes } from "../random-bytes";
import { sign } from "../signature";
import type { Overview } from "../unlocked-history";
import type { Slot, VaultCommit, VaultSnapshot } from "../vault-contents";
import { commitMessage } from "../vault-write";
import { openChapter } from "./chapter";
import { checkpointWords } from "./checkpoint";
import { entryOfEvent, isOut } from "./history-entry";
import { HistoryShelf, type SealedShelf } from "./history-shelf";
import { type OpenedRows, readInbox } from "./inbox-reading";
import { type Manifest, manifestHash, openManifest, sealManifest } from "./manifest";
import { entryReader } from "./open-entry";
import type { VaultKeys } from "./root-key";
import { uniteSights } from "./sights";
import { slotsDigest } from "./slot";
import { notesFor, type SlotUse, waysOf } from "./slot-note";

export interface OpenVault {
  manifest: Manifest;
  hash: Uint8Array;
  shelf: HistoryShelf;
  /** As the server showed them last. */
  slots: Slot[];
  slotsAltered: boolean;
  /** Rows merged into the shelf, which the server still holds. */
  mergedInboxIds: string[];
  tips: Uint8Array[];
  gaps: number;
  unreadableInbox: number;
}

export interface PlannedCommit {
  commit: VaultCommit;
  manifest: Manifest;
  sealed: SealedShelf;
}

/** The server's recipient and signing key must be the root key's own, or what it seals is for someone else. */
export function isSubstituted(vault: VaultSnapshot, keys: VaultKeys): boolean {
  return vault.recipient !== keys.recipient || !equalBytes(vault.signPublicKey, keys.signPublicKey);
}

export async function openVault(
  vault: VaultSnapshot,
  keys: VaultKeys,
): Promise<{ ok: true; opened: OpenVault } | { ok: false; why: "damaged" | "unknown-version" }> {
  const read = openManifest(keys.manifestKey, vault, vault.manifest);
  if (!read.ok) return read;
  const { manifest } = read;
  const shelf = await HistoryShelf.open(manifest.chapters, vault.chapters, keys.chapterKey, manifest);
  const opened = {
    manifest,
    hash: manifestHash(vault.manifest),
    shelf,
    slots: vault.slots,
    slotsAltered: areAltered(vault.slots, manifest),
    mergedInboxIds: [],
    tips: manifest.inboxTips,
    gaps: 0,
    unreadableInbox: 0,
  };
  return { ok: true, opened };
}

export function areAltered(slots: Slot[], { slotsDigest: digest }: Manifest): boolean {
  return !equalBytes(slotsDigest(slots), digest);
}

/** Without a manifest: which chapters still open by themselves. Nothing tells whether they are all, or the newest. */
export async function countReadable(
  vault: VaultSnapshot,
  keys: VaultKeys,
): Promise<{ chapters: number; entries: number }> {
  const readable = { chapters: 0, entries: 0 };
  for (const { id, revision, blob } of vault.chapters) {
    const place = { vaultId: vault.vaultId, epoch: vault.epoch, chapterId: id, revision };
    const opened = await openChapter(keys.chapterKey, place, blob);
    if (!opened.ok) continue;
    readable.chapters += 1;
    readable.entries += opened.contents.entries.length;
  }
  return readable;
}

/** Opens the inbox and merges what it says. Rows that do not open stay where they are. */
export async function mergeInbox(
  opened: OpenVault,
  vault: VaultSnapshot,
  keys: VaultKeys,
  openedRows: OpenedRows,
): Promise<void> {
  const { manifest } = opened;
  const reader = entryReader(keys.identity, manifest.vaultId, manifest.intakePublicKey);
  const reading = await readInbox(vault.inbox, reader, manifest.inboxTips, openedRows);
  for (const entry of reading.entries) opened.shelf.merge(entryOfEvent(entry));
  uniteSights(opened.shelf);
  opened.mergedInboxIds = reading.openedIds;
  opened.tips = reading.tips;
  opened.gaps = reading.gaps;
  opened.unreadableInbox = reading.unreadable;
}

export function needsSaving(opened: OpenVault): boolean {
  return opened.shelf.changed || opened.mergedInboxIds.length > 0;
}

/**
 * Seals what has changed under the next manifest, or under a later number where the next is too low, with the use of a
 * slot noted, and signs the whole.
 */
export async function planCommit(
  opened: OpenVault,
  keys: VaultKeys,
  random: RandomBytes,
  use: SlotUse | null,
  lowestSequence = 0,
): Promise<PlannedCommit> {
  const { vaultId, epoch, sequence: previousSequence } = opened.manifest;
  const sequence = Math.max(previousSequence + 1, lowestSequence);
  const sealed = await opened.shelf.seal(keys.chapterKey, { vaultId, epoch }, random);
  const manifest: Manifest = {
    ...opened.manifest,
    sequence,
    previousHash: opened.hash,
    inboxTips: opened.tips,
    inboxGaps: opened.manifest.inboxGaps + opened.gaps,
    chapters: sealed.listed,
    // Slots that somebody put in get no notes, which would vouch for them.
    slots: opened.slotsAltered ? opened.manifest.slots : notesFor(opened.slots, opened.manifest.slots, use),
  };
  const unsigned: Omit<VaultCommit, "signature"> = {
    vaultId,
    epoch,
    previousSequence,
    ...(sequence === previousSequence + 1 ? {} : { leapTo: sequence }),
    manifest: sealManifest(keys.manifestKey, manifest, random),
    chapters: sealed.chapters,
    droppedChapterIds: [...opened.shelf.droppedIds],
    openedInboxIds: opened.mergedInboxIds,
  };
  const commit = { ...unsigned, signature: sign(keys.signingKey, commitMessage(unsigned)) };
  return { commit, manifest, sealed };
}

/** The server has taken the planned commit. */
export function adoptCommit(opened: OpenVault, planned: PlannedCommit): void {
  opened.shelf.saved(planned.sealed);
  opened.manifest = planned.manifest;
  opened.hash = manifestHash(planned.commit.manifest);
  opened.mergedInboxIds = [];
  opened.gaps = 0;
}

export function overviewOf(
  opened: OpenVault,
  seen: Pick<Overview, "rollback" | "ownDevice"> & { gapSeen: boolean },
): Overview {
  const entries = opened.shelf.newestFirst();
  return {
    total: entries.length,
    stillOut: entries.filter(isOut).length,
    birthday: opened.manifest.birthday,
    checkpointWords: checkpointWords(opened.hash),
    lost: { chapters: opened.shelf.lost.length, entries: opened.shelf.lostEntries },
    unreadableInbox: opened.unreadableInbox,
    gap: seen.gapSeen,
    slotsAltered: opened.slotsAltered,
    unsaved: needsSaving(opened),
    ways: waysOf(opened.slots, opened.manifest.slots),
    ownDevice: seen.ownDevice,
    rollback: seen.rollback,
  };
}
