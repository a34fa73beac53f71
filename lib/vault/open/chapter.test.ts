import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secureRandom } from "../random-bytes";
import { blobOverheadBytes, sealBlob } from "../sealed-blob";
import { VaultFault } from "../vault-fault";
import { blockBytes, type ChapterPlace, entriesPerChapter, openChapter, sealChapter } from "./chapter";
import type { HistoryEntry } from "./history-entry";

const key = secureRandom(32);
const place: ChapterPlace = { vaultId: "a", epoch: 1, chapterId: "c", revision: 2 };
const text = fc.option(fc.string({ unit: "grapheme", maxLength: 30 }));
const anyEntry: fc.Arbitrary<HistoryEntry> = fc.record({
  id: fc.string(),
  recordId: text,
  title: text,
  author: text,
  isbn: text,
  format: text,
  callNumber: text,
  subjects: fc.array(fc.string(), { maxLength: 3 }),
  outOn: fc.option(fc.constant("2026-02-01")),
  dueOn: fc.option(fc.constant("2026-02-22")),
  returnedOn: fc.option(fc.constant("2026-02-20")),
  renewals: fc.array(fc.constant("2026-02-10"), { maxLength: 2 }),
});
const one: HistoryEntry = {
  id: "one",
  recordId: "1",
  title: "Kokoro",
  author: null,
  isbn: null,
  format: null,
  callNumber: null,
  subjects: [],
  outOn: "2026-02-01",
  dueOn: null,
  returnedOn: null,
  renewals: [],
};

describe("chapter", () => {
  it("opens to the entries and removals that were sealed, in whole blocks of 32 KiB", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEntry, { maxLength: 20 }),
        fc.array(fc.string(), { maxLength: 3 }),
        async (entries, removed) => {
          const blob = await sealChapter(key, place, { entries, removed }, secureRandom);
          expect((blob.length - blobOverheadBytes) % blockBytes).toBe(0);
          expect(await openChapter(key, place, blob)).toEqual({ ok: true, contents: { entries, removed } });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("has the same size with one entry as with none, or a hundred", async () => {
    const sizes = await Promise.all(
      [0, 1, 100].map(async (count) => {
        const entries = Array.from({ length: count }, (_, index) => ({ ...one, id: `entry ${index}` }));
        return (await sealChapter(key, place, { entries, removed: [] }, secureRandom)).length;
      }),
    );
    expect(new Set(sizes).size).toBe(1);
  });

  it("inflates no further than 32 MiB, and to nothing but its format", async () => {
    const blobPlace = { kind: "chapter", vaultId: "a", epoch: 1, objectId: "c", revision: 2 };
    const sealDeflated = (deflated: Uint8Array) => {
      const plaintext = new Uint8Array(Math.ceil((4 + deflated.length) / blockBytes) * blockBytes);
      new DataView(plaintext.buffer).setUint32(0, deflated.length);
      plaintext.set(deflated, 4);
      return sealBlob(key, blobPlace, plaintext, secureRandom);
    };
    const names = Object.keys({ ...one, removed: [] });
    const empty = JSON.stringify({ version: 1, ...Object.fromEntries(names.map((name) => [name, []])) });
    const padded = (mebibytes: number) => deflateRawSync(empty.padEnd(mebibytes * 2 ** 20));
    const open = (blob: Uint8Array) => openChapter(key, place, blob);
    expect(await open(sealDeflated(padded(31)))).toMatchObject({ ok: true });
    const malformed = expect.objectContaining({ name: "VaultFault", code: "malformed" });
    const cut = deflateRawSync(secureRandom(500)).subarray(0, 100);
    for (const deflated of [padded(33), deflateRawSync("[]"), deflateRawSync(""), cut])
      await expect(open(sealDeflated(deflated))).rejects.toEqual(malformed);
    for (const plaintext of [new Uint8Array(0), Uint8Array.of(0, 0, 9), new Uint8Array(8).fill(255)])
      await expect(open(sealBlob(key, blobPlace, plaintext, secureRandom))).rejects.toEqual(malformed);
  });

  it("holds at most 2,000 entries", async () => {
    const entries = Array.from({ length: entriesPerChapter + 1 }, () => one);
    await expect(sealChapter(key, place, { entries, removed: [] }, secureRandom)).rejects.toThrow(VaultFault);
  });
});
