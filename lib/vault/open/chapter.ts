/** A chapter: up to 2,000 opened entries, packed in columns, deflated, padded to whole blocks, sealed under the chapter key. */
import "./marker";
import { concatBytes } from "@noble/hashes/utils.js";
import { asDayOrNull, asList, asText, asTextOrNull, type JsonObject, parseObject } from "../json-fields";
import type { RandomBytes } from "../random-bytes";
import { type BlobPlace, openBlob, type SealedBlob, sealBlob } from "../sealed-blob";
import { VaultFault } from "../vault-fault";
import type { HistoryEntry } from "./history-entry";

export const entriesPerChapter = 2000;
export const blockBytes = 32 * 1024;
const lengthBytes = 4;
/** Ten times what 2,000 entries with their renewals, and as many removed ones, come to. */
const mostJsonBytes = 32 * 2 ** 20;
const packVersion = 1;

export interface ChapterContents {
  entries: HistoryEntry[];
  /** Ids of entries that the patron removed: a repeated event must not bring one back. */
  removed: string[];
}

export interface ChapterPlace {
  vaultId: string;
  epoch: number;
  chapterId: string;
  revision: number;
}

const blobPlace = (place: ChapterPlace): BlobPlace => ({
  kind: "chapter",
  vaultId: place.vaultId,
  epoch: place.epoch,
  objectId: place.chapterId,
  revision: place.revision,
});

const deflate = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const stream = new Blob([Uint8Array.from(bytes)]).stream();
  const deflated = stream.pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(deflated).arrayBuffer());
};

/** Piece by piece, and no further than the limit: a few bytes of deflate may stand for gigabytes. */
async function inflate(deflated: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(deflated)]).stream();
  const reader = stream.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
      size += next.value.length;
      if (size > mostJsonBytes) throw new Error("too long");
    }
  } catch (cause) {
    await reader.cancel().catch(() => {});
    throw new VaultFault("malformed", "A chapter's deflate does not inflate to what it may hold.", { cause });
  }
  return concatBytes(...pieces);
}

function columnsOf(contents: ChapterContents): JsonObject {
  const { entries, removed } = contents;
  return {
    version: packVersion,
    id: entries.map((entry) => entry.id),
    recordId: entries.map((entry) => entry.recordId),
    title: entries.map((entry) => entry.title),
    author: entries.map((entry) => entry.author),
    isbn: entries.map((entry) => entry.isbn),
    format: entries.map((entry) => entry.format),
    callNumber: entries.map((entry) => entry.callNumber),
    subjects: entries.map((entry) => entry.subjects),
    outOn: entries.map((entry) => entry.outOn),
    dueOn: entries.map((entry) => entry.dueOn),
    returnedOn: entries.map((entry) => entry.returnedOn),
    renewals: entries.map((entry) => entry.renewals),
    // Chapters of entries that no visit has seen are as they always were.
    ...Object.fromEntries(
      sights
        .filter((name) => entries.some((entry) => entry[name] !== undefined))
        .map((name) => [name, entries.map((entry) => entry[name] ?? null)]),
    ),
    removed,
  };
}

const sights = ["item", "seenOn", "goneOn"] as const;

function entriesOf(columns: JsonObject): HistoryEntry[] {
  const ids = asList(columns.id, asText);
  const column = <T>(value: unknown, member: (value: unknown) => T) => {
    const members = asList(value, member);
    if (members.length !== ids.length)
      throw new VaultFault("malformed", "A chapter's columns differ in length.");
    return (row: number): T => {
      const found = members[row];
      if (found === undefined) throw new VaultFault("malformed", "A chapter's column has a hole.");
      return found;
    };
  };
  const texts = (value: unknown) => asList(value, asText);
  const recordId = column(columns.recordId, asTextOrNull);
  const title = column(columns.title, asTextOrNull);
  const author = column(columns.author, asTextOrNull);
  const isbn = column(columns.isbn, asTextOrNull);
  const format = column(columns.format, asTextOrNull);
  const callNumber = column(columns.callNumber, asTextOrNull);
  const subjects = column(columns.subjects, texts);
  const outOn = column(columns.outOn, asDayOrNull);
  const dueOn = column(columns.dueOn, asDayOrNull);
  const returnedOn = column(columns.returnedOn, asDayOrNull);
  const renewals = column(columns.renewals, texts);
  const nothing = () => null;
  const sight = (value: unknown, member: (value: unknown) => string | null) =>
    value === undefined ? nothing : column(value, member);
  const item = sight(columns.item, asTextOrNull);
  const seenOn = sight(columns.seenOn, asDayOrNull);
  const goneOn = sight(columns.goneOn, asDayOrNull);
  return ids.map((id, row) => ({
    id,
    recordId: recordId(row),
    title: title(row),
    author: author(row),
    isbn: isbn(row),
    format: format(row),
    callNumber: callNumber(row),
    subjects: subjects(row),
    outOn: outOn(row),
    dueOn: dueOn(row),
    returnedOn: returnedOn(row),
    renewals: renewals(row),
    ...told("item", item(row)),
    ...told("seenOn", seenOn(row)),
    ...told("goneOn", goneOn(row)),
  }));
}

function told<Name extends (typeof sights)[number]>(name: Name, value: string | null) {
  return value === null ? {} : { [name]: value };
}

/**
 * Plaintext: length of the deflated bytes (u32 big-endian) ‖ raw deflate of the columns' JSON ‖ zeros to a multiple of
 * 32 KiB. AAD = `LP(DS, "chapter", vault id, epoch, chapter id, revision)`.
 */
export async function sealChapter(
  chapterKey: Uint8Array,
  place: ChapterPlace,
  contents: ChapterContents,
  random: RandomBytes,
): Promise<SealedBlob> {
  if (contents.entries.length > entriesPerChapter) {
    throw new VaultFault("misuse", `A chapter holds at most ${entriesPerChapter} entries.`);
  }
  const json = new TextEncoder().encode(JSON.stringify(columnsOf(contents)));
  if (json.length > mostJsonBytes) throw new VaultFault("misuse", "A chapter's JSON has at most 32 MiB.");
  const deflated = await deflate(json);
  const blocks = Math.ceil((lengthBytes + deflated.length) / blockBytes);
  const plaintext = new Uint8Array(blocks * blockBytes);
  new DataView(plaintext.buffer).setUint32(0, deflated.length);
  plaintext.set(deflated, lengthBytes);
  return sealBlob(chapterKey, blobPlace(place), plaintext, random);
}

/** @throws VaultFault `malformed` when an authenticated chapter has another shape: that is a defect, not damage. */
export async function openChapter(
  chapterKey: Uint8Array,
  place: ChapterPlace,
  blob: Uint8Array,
): Promise<{ ok: true; contents: ChapterContents } | { ok: false; why: "damaged" | "unknown-version" }> {
  const opened = openBlob(chapterKey, blobPlace(place), blob);
  if (!opened.ok) return opened;
  const { bytes } = opened;
  if (bytes.length < lengthBytes) throw new VaultFault("malformed", "A chapter has no length.");
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const json = await inflate(bytes.subarray(lengthBytes, lengthBytes + length));
  const columns = parseObject(json);
  if (columns.version !== packVersion) return { ok: false, why: "unknown-version" };
  return {
    ok: true,
    contents: { entries: entriesOf(columns), removed: asList(columns.removed, asText) },
  };
}
