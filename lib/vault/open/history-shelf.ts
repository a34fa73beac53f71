/** The opened chapters in memory: which entry stands where, what has changed, and what could not be read. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { RandomBytes } from "../random-bytes";
import type { Chapter } from "../vault-contents";
import {
  type ChapterContents,
  type ChapterPlace,
  entriesPerChapter,
  openChapter,
  sealChapter,
} from "./chapter";
import { type HistoryEntry, mergeEntries, newestFirst, sameEntry } from "./history-entry";
import type { ManifestChapter } from "./manifest";
import { newUuid } from "./uuid";

interface OpenChapter {
  id: string;
  revision: number;
  hash: Uint8Array;
  entries: Map<string, HistoryEntry>;
  removed: Set<string>;
  changed: boolean;
}

type Whose = Pick<ChapterPlace, "vaultId" | "epoch">;

export interface SealedShelf {
  /** The changed chapters, sealed at their next revision. */
  chapters: Chapter[];
  /** Every chapter for the manifest, lost ones included: they may yet come back from a backup. */
  listed: ManifestChapter[];
}

const newChapter = (): OpenChapter => ({
  id: "",
  revision: 0,
  hash: new Uint8Array(32),
  entries: new Map(),
  removed: new Set(),
  changed: true,
});

export class HistoryShelf {
  private readonly chapters: OpenChapter[] = [];
  private readonly homes = new Map<string, OpenChapter>();
  private readonly removed = new Set<string>();
  private sorted: HistoryEntry[] | null = null;
  lost: ManifestChapter[] = [];
  /** Lost chapters whose entries came back from elsewhere: the server may drop them. */
  readonly droppedIds: string[] = [];

  /** Opens what the manifest lists; a chapter that is missing, of another revision or damaged counts as lost. */
  static async open(
    listed: readonly ManifestChapter[],
    stored: readonly Chapter[],
    chapterKey: Uint8Array,
    whose: Whose,
  ): Promise<HistoryShelf> {
    const shelf = new HistoryShelf();
    const byId = new Map(stored.map((chapter) => [chapter.id, chapter]));
    for (const entry of listed) {
      const chapter = byId.get(entry.id);
      const intact =
        chapter !== undefined &&
        chapter.revision === entry.revision &&
        equalBytes(sha256(chapter.blob), entry.hash);
      const place = { ...whose, chapterId: entry.id, revision: entry.revision };
      const opened = intact ? await openChapter(chapterKey, place, chapter.blob) : null;
      if (!opened?.ok) {
        shelf.lost.push(entry);
        continue;
      }
      const { entries, removed } = opened.contents;
      shelf.chapters.push({
        ...entry,
        entries: new Map(entries.map((one) => [one.id, one])),
        removed: new Set(removed),
        changed: false,
      });
    }
    shelf.settle();
    return shelf;
  }

  /** An entry lives in one chapter. Two hold it only after a lost chapter came back. */
  private settle(): void {
    for (const chapter of this.chapters) for (const id of chapter.removed) this.removed.add(id);
    for (const chapter of this.chapters) {
      for (const entry of chapter.entries.values()) {
        const home = this.homes.get(entry.id);
        if (home === undefined && !this.removed.has(entry.id)) {
          this.homes.set(entry.id, chapter);
          continue;
        }
        chapter.entries.delete(entry.id);
        chapter.changed = true;
        if (home !== undefined) this.merge(entry);
      }
    }
  }

  get changed(): boolean {
    return this.droppedIds.length > 0 || this.chapters.some((chapter) => chapter.changed);
  }

  get lostEntries(): number {
    return this.lost.reduce((sum, chapter) => sum + chapter.entries, 0);
  }

  /** Newest first. The same array until something changes. */
  newestFirst(): readonly HistoryEntry[] {
    this.sorted ??= this.chapters.flatMap((chapter) => [...chapter.entries.values()]).sort(newestFirst);
    return this.sorted;
  }

  /** Takes in what an event says. Nothing happens when it is known already, or its entry was removed. */
  merge(entry: HistoryEntry): void {
    if (this.removed.has(entry.id)) return;
    const home = this.homes.get(entry.id) ?? this.chapterWithRoom();
    const known = home.entries.get(entry.id);
    const merged = known === undefined ? entry : mergeEntries(known, entry);
    if (known !== undefined && sameEntry(known, merged)) return;
    home.entries.set(entry.id, merged);
    home.changed = true;
    this.homes.set(entry.id, home);
    this.sorted = null;
  }

  has(id: string): boolean {
    return this.homes.has(id);
  }

  /** Ids of removed entries. */
  get removedIds(): ReadonlySet<string> {
    return this.removed;
  }

  /** True when merging would change something. */
  lacks(entry: HistoryEntry): boolean {
    if (this.removed.has(entry.id)) return false;
    const known = this.homes.get(entry.id)?.entries.get(entry.id);
    return known === undefined || !sameEntry(known, mergeEntries(known, entry));
  }

  /** Everything it holds, for another shelf of the same vault. */
  contents(): ChapterContents {
    return { entries: [...this.newestFirst()], removed: [...this.removed] };
  }

  /** Gives up a lost chapter whose contents have been merged from an intact copy of it. */
  recovered(id: string): void {
    this.lost = this.lost.filter((chapter) => chapter.id !== id);
    this.droppedIds.push(id);
  }

  /** Removes an entry for good: its id stays behind, so that a repeated event cannot bring it back. */
  remove(id: string): void {
    if (this.removed.has(id)) return;
    const home = this.homes.get(id) ?? this.chapterWithRoom();
    home.entries.delete(id);
    home.removed.add(id);
    home.changed = true;
    this.homes.delete(id);
    this.removed.add(id);
    this.sorted = null;
  }

  private chapterWithRoom(): OpenChapter {
    const last = this.chapters.at(-1);
    if (last !== undefined && last.entries.size < entriesPerChapter) return last;
    const fresh = newChapter();
    this.chapters.push(fresh);
    return fresh;
  }

  /**
   * The same entries and removals for other keys: every chapter is new, under an id that no old one had. Lost ones stay
   * behind; nothing could ever open them again.
   */
  rewritten(): HistoryShelf {
    const shelf = new HistoryShelf();
    for (const { entries, removed } of this.chapters) {
      if (entries.size === 0 && removed.size === 0) continue;
      const fresh = { ...newChapter(), entries: new Map(entries), removed: new Set(removed) };
      shelf.chapters.push(fresh);
      for (const id of entries.keys()) shelf.homes.set(id, fresh);
      for (const id of removed) shelf.removed.add(id);
    }
    return shelf;
  }

  /** Seals what has changed. The shelf itself stays as it is until `saved`. */
  async seal(chapterKey: Uint8Array, whose: Whose, random: RandomBytes): Promise<SealedShelf> {
    const chapters: Chapter[] = [];
    const listed: ManifestChapter[] = [...this.lost];
    for (const chapter of this.chapters) {
      if (chapter.id === "") chapter.id = newUuid(random);
      const { id, hash } = chapter;
      const entries = chapter.entries.size;
      if (!chapter.changed) {
        listed.push({ id, revision: chapter.revision, hash, entries });
        continue;
      }
      const revision = chapter.revision + 1;
      const contents = { entries: [...chapter.entries.values()], removed: [...chapter.removed] };
      const blob = await sealChapter(chapterKey, { ...whose, chapterId: id, revision }, contents, random);
      chapters.push({ id, revision, blob });
      listed.push({ id, revision, hash: sha256(blob), entries });
    }
    return { chapters, listed };
  }

  /** The server has taken what `seal` gave. */
  saved(sealed: SealedShelf): void {
    this.droppedIds.length = 0;
    const byId = new Map(sealed.listed.map((entry) => [entry.id, entry]));
    for (const chapter of this.chapters) {
      const entry = byId.get(chapter.id);
      if (entry === undefined) continue;
      chapter.revision = entry.revision;
      chapter.hash = entry.hash;
      chapter.changed = false;
    }
  }
}
