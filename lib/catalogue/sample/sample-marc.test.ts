/** The sample catalogue holds what it promises, and reads back as it was written. */
import { beforeAll, expect, test } from "vitest";
import { readRecord, searchCatalogue } from "@/db/catalogue";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { normaliseIsbn } from "../isbn";
import { usualItemFields } from "../marc-fields";
import { readMarcRecord } from "../marc-record";
import { readCatalogueRecord } from "../read-marc";
import { loadSampleCatalogue, sampleBranches, writeSampleRecord } from "./sample-marc";
import { readSampleWorks } from "./sample-works";

const works = await readSampleWorks();
const records = works.map((work) => {
  const marc = readMarcRecord(Buffer.from(writeSampleRecord(work)));
  if (!marc.ok) throw new Error(`${work.number}: ${marc.why}`);
  const read = readCatalogueRecord(marc.record, "sample", usualItemFields);
  if (!read.ok) throw new Error(`${work.number}: ${read.why}`);
  return read.record;
});

test("every work has a number of its own, and there are over 400", () => {
  expect(new Set(works.map((work) => work.number)).size).toBe(works.length);
  expect(works.length).toBeGreaterThan(400);
});

test("every ISBN has its check digit, and none stands twice", () => {
  const isbns = works.map((work) => work.isbn).filter((isbn) => isbn !== "");
  expect(isbns.filter((isbn) => normaliseIsbn(isbn) !== isbn)).toEqual([]);
  expect(new Set(isbns).size).toBe(isbns.length);
});

test("the title, year, language and first person of every work come back from its MARC record", () => {
  for (const [place, work] of works.entries()) {
    const record = records[place];
    expect(record).toMatchObject({ title: work.title, year: work.year === "" ? null : Number(work.year) });
    expect(record?.language).toBe(work.language || null);
    expect(record?.originalTitle).toBe(work.originalTitle || null);
    if (work.people[0]?.role === "author") expect(record?.authors[0]).toBe(work.people[0].name);
  }
});

test("books, films, music, large print and audiobooks are told apart", () => {
  const kinds = new Map(works.map((work, place) => [work.kind, records[place]?.format]));
  expect(Object.fromEntries(kinds)).toMatchObject({
    novel: "book",
    film: "film",
    music: "music",
    large: "large-print",
    audiobook: "audiobook",
  });
});

test("every work has one to four items with fourteen-digit barcodes, no two alike", () => {
  const items = records.flatMap((record) => record.items);
  expect(items.every((item) => /^3952900\d{7}$/.test(item.barcode))).toBe(true);
  expect(new Set(items.map((item) => item.barcode)).size).toBe(items.length);
  expect(new Set(items.map((item) => item.branch))).toEqual(new Set(sampleBranches));
  expect(records.every((record) => record.items.length >= 1 && record.items.length <= 4)).toBe(true);
});

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});

test("loading the sample twice leaves every record with its id", async () => {
  const { db } = database;
  expect(await loadSampleCatalogue(db)).toMatchObject({ added: works.length, updated: 0, skipped: 0 });
  const before = await searchCatalogue(db, { q: "matilda", limit: 1, offset: 0 });
  expect(await loadSampleCatalogue(db)).toMatchObject({ added: 0, updated: works.length, skipped: 0 });
  const after = await searchCatalogue(db, { q: "matilda", limit: 1, offset: 0 });
  expect(after).toEqual(before);
  expect(await readRecord(db, before.items[0]?.id ?? 0)).toMatchObject({
    title: "Matilda",
    authors: ["Dahl, Roald"],
    isbns: ["9780142410370"],
  });
});
