/** The importer reads every good record, names each bad one, and never stops between them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { Marc, type MarcjsField, Record } from "marcjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countRecords, readRecord, searchCatalogue } from "@/db/catalogue";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { importRecords } from "./import-records";
import { openMarcFile } from "./marc-file";
import { readFrames } from "./marc-frames";

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "commonplace-marc-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const usualLeader = "00000nam a2200000 i 4500";

function marc(fields: MarcjsField[], leader = usualLeader): Buffer {
  const record = new Record();
  record.leader = leader;
  record.append(...fields);
  return Buffer.from(Marc.format(record, "iso2709"));
}

function book(number: number, title = `Title ${number}`): Buffer {
  return marc([
    ["001", `n${number}`],
    ["245", "00", "a", title],
  ]);
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function importBytes(parts: Buffer[], source: string, pieceBytes = 1000) {
  return importRecords(database.db, pieces(Buffer.concat(parts), pieceBytes), { source });
}

const find = async (q: string) => (await searchCatalogue(database.db, { q, limit: 10, offset: 0 })).items;

test("a full record keeps what the catalogue shows, without the cataloguers' punctuation", async () => {
  const full = marc([
    ["001", "full"],
    ["008", "030711s1998    nyua   j      000 1 eng d"],
    ["020", "  ", "a", "0-14-032872-6 (pbk.) :", "c", "$5.99"],
    ["020", "  ", "z", "0140328721"],
    ["082", "04", "a", "823/.914"],
    ["100", "1 ", "6", "880-02", "a", "Dahl, Roald,", "d", "1916-1990,", "e", "author."],
    [
      "245",
      "10",
      "6",
      "880-01",
      "a",
      "Fantastic Mr. Fox /",
      "c",
      "Roald Dahl ; illustrated by Quentin Blake.",
    ],
    ["250", "  ", "a", "First edition."],
    ["264", " 4", "c", "©1970"],
    ["264", " 1", "a", "New York :", "b", "Puffin Books,", "c", "1998."],
    ["300", "  ", "a", "81 pages :", "b", "illustrations ;", "c", "20 cm"],
    ["490", "1 ", "a", "Puffin story books ;", "v", "12"],
    ["505", "0 ", "a", "The three farmers -- The shooting."],
    ["520", "  ", "a", "Three farmers try to catch a fox."],
    ["650", " 0", "a", "Foxes", "v", "Juvenile fiction."],
    ["650", " 1", "a", "Foxes", "v", "Juvenile fiction."],
    ["700", "1 ", "a", "Blake, Quentin,", "e", "illustrator."],
    ["700", "1 ", "a", "Nobody, A. B.,", "e", "translator."],
    ["880", "1 ", "6", "100-02/$1", "a", "ダール, ロアルド"],
    ["880", "10", "6", "245-01/$1", "a", "すばらしき父さん狐"],
    ["952", "  ", "a", "HOME", "b", "HELD", "o", "J FIC DAH", "p", "3001"],
    ["952", "  ", "a", "HOME", "o", "J FIC DAH", "p", "3002"],
  ]);
  expect(await importBytes([full], "full")).toMatchObject({ read: 1, added: 1, skipped: 0 });
  const [found] = await find("0140328726");
  expect(await readRecord(database.db, found?.id ?? 0)).toMatchObject({
    title: "Fantastic Mr. Fox",
    originalTitle: "すばらしき父さん狐",
    authors: ["Dahl, Roald", "Blake, Quentin"],
    isbns: ["9780140328721"],
    format: "book",
    language: "eng",
    year: 1998,
    edition: "First edition",
    publisher: "Puffin Books",
    series: ["Puffin story books ; 12"],
    subjects: ["Foxes — Juvenile fiction"],
    callNumber: "J FIC DAH",
    items: [
      { barcode: "3001", branch: "HELD" },
      { barcode: "3002", branch: "HOME" },
    ],
  });
  for (const q of ["0140328721", "ロアルド", "three farmers", "nobody", "父さん狐"]) {
    expect(
      (await find(q)).map((item) => item.id),
      q,
    ).toContain(found?.id);
  }
});

test("852 tells the items where there is no 952", async () => {
  const holding = marc([
    ["001", "h"],
    ["245", "00", "a", "Holdings in 852"],
    ["852", "  ", "b", "Main", "h", "796.3", "p", "4001"],
  ]);
  await importBytes([holding], "852");
  const [found] = await find("holdings in 852");
  const record = await readRecord(database.db, found?.id ?? 0);
  expect(record?.items).toEqual([{ barcode: "4001", branch: "Main", callNumber: "796.3" }]);
});

test("bad records are skipped with their place and reason, good ones between them are read", async () => {
  const cutShort = book(3).subarray(0, 40);
  const noTitle = marc([
    ["001", "n5"],
    ["100", "1 ", "a", "Author, Some"],
  ]);
  const marc8 = book(7, "Cafe");
  marc8[9] = 0x20;
  marc8[marc8.indexOf("Cafe") + 3] = 0xe9;
  const summary = await importBytes(
    [
      book(1),
      Buffer.from("\r\n"),
      book(2),
      cutShort,
      book(4),
      noTitle,
      Buffer.from("rubbish\x1d"),
      marc8,
      book(8),
      book(9).subarray(0, -1),
    ],
    "bad",
  );
  expect(summary.added).toBe(4);
  expect(summary.firstSkipped).toEqual([
    { position: 3, why: "no-record" },
    { position: 5, why: "no-title" },
    { position: 6, why: "no-record" },
    { position: 7, why: "not-utf8" },
    { position: 9, why: "cut-short" },
  ]);
});

test("a record whose lengths are wrong is read by its terminators", async () => {
  const wrongLength = book(1, "Wrong length");
  wrongLength.write("09999", 0);
  const wrongBase = book(2, "Wrong base");
  wrongBase.write("00999", 12);
  const wrongEntry = book(3, "Wrong entry");
  wrongEntry.write("0002", 27);
  const summary = await importBytes([wrongLength, wrongBase, wrongEntry], "wrong");
  expect(summary).toMatchObject({ added: 3, skipped: 0 });
  for (const title of ["Wrong length", "Wrong base", "Wrong entry"]) {
    expect((await find(`"${title}"`)).map((item) => item.title)).toEqual([title]);
  }
});

test("seven-bit MARC-8 with escapes is told apart from UTF-8", async () => {
  const hebrew = book(1, "\x1b(2abc\x1b(B");
  hebrew[9] = 0x20;
  expect(await importBytes([hebrew], "escapes")).toMatchObject({ skippedBy: { "not-utf8": 1 } });
});

test("a record that says UTF-8 and has a wrong byte loses the byte, not the record", async () => {
  const damaged = book(1, "Xaviera xylophone");
  damaged[damaged.indexOf("xylophone")] = 0xff;
  await importBytes([damaged], "byte");
  expect((await find("ylophone")).map((item) => item.title)).toEqual(["Xaviera ylophone"]);
});

test("what the database refuses is skipped alone, not with its batch", async () => {
  // More distinct words than a search vector can hold.
  const words = Array.from({ length: 15_000 }, (_, index) => `${index}`.padStart(55, "ж")).join(" ");
  const fields = ["huge\x1e", "00\x1faToo much\x1e", `  \x1fa${words}\x1e`];
  const directory = ["001", "245", "500"].map((tag) => `${tag}000000000`).join("");
  const tooMuch = Buffer.from(`${usualLeader}${directory}\x1e${fields.join("")}\x1d`);
  const summary = await importBytes([book(1), tooMuch, book(2)], "refused", 100_000);
  expect(summary).toMatchObject({ added: 2, firstSkipped: [{ position: 2, why: "not-storable" }] });
});

test("no cut of the stream changes what is read", async () => {
  const bytes = Buffer.concat([
    book(1, "Ångström"),
    Buffer.from("rubbish"),
    book(2, "三体"),
    book(3).subarray(0, 30),
    book(4),
  ]);
  const read = async (size: number) => {
    const frames = [];
    for await (const frame of readFrames(pieces(bytes, size)))
      frames.push(frame.ok ? frame.bytes.toString("hex") : frame.why);
    return frames;
  };
  const whole = await read(bytes.length);
  expect(whole).toHaveLength(5);
  for (let size = 1; size < bytes.length; size++) expect(await read(size)).toEqual(whole);
});

test("no bytes stop the importer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 80 })), fc.nat(200), async (noise, at) => {
      const damaged = Buffer.concat([book(1), book(2)]);
      damaged[at % damaged.length] = at % 256;
      const bytes = Buffer.concat([...noise, Buffer.from("\x1d"), damaged, Buffer.from("\x1d"), book(3)]);
      let last = "";
      for await (const frame of readFrames(pieces(bytes, 64)))
        last = frame.ok ? frame.bytes.toString() : frame.why;
      expect(last).toBe(book(3).toString());
    }),
  );
});

test("the same file again changes nothing but the count of updates", async () => {
  const parts = [book(1, "Same one"), book(2, "Same two")];
  expect(await importBytes(parts, "again")).toMatchObject({ added: 2, updated: 0 });
  const [before, count] = [await find('"same one"'), await countRecords(database.db)];
  expect(await importBytes(parts, "again")).toMatchObject({ added: 0, updated: 2 });
  expect(await find('"same one"')).toEqual(before);
  expect(await countRecords(database.db)).toBe(count);
});

test("records without a control number are told apart by what they are", async () => {
  const bare = (title: string) => marc([["245", "00", "a", title]]);
  const parts = [bare("Bare one"), bare("Bare two")];
  expect(await importBytes(parts, "bare")).toMatchObject({ added: 2 });
  expect(await importBytes(parts, "bare")).toMatchObject({ added: 0, updated: 2 });
});

test("a file may be gzipped, and what is no file of MARC records is told", async () => {
  const path = (name: string) => join(folder, name);
  const records = Buffer.concat([book(1), book(2)]);
  await writeFile(path("plain.mrc"), records);
  await writeFile(path("zipped.mrc"), gzipSync(records));
  await writeFile(path("empty.mrc"), "");
  await writeFile(path("letter.txt"), "Dear library,\n".repeat(100));
  await writeFile(path("records.xml"), '<?xml version="1.0"?><collection></collection>');
  await writeFile(
    path("broken.gz"),
    Buffer.concat([gzipSync(records).subarray(0, 12), Buffer.from("broken")]),
  );
  for (const name of ["plain.mrc", "zipped.mrc"]) {
    const file = await openMarcFile(path(name));
    if (!file.ok) throw new Error(file.why);
    expect(await importRecords(database.db, file.chunks, { source: name })).toMatchObject({
      read: 2,
      added: 2,
    });
  }
  const whyNot = async (name: string) => {
    const file = await openMarcFile(path(name));
    return file.ok ? "" : file.why;
  };
  expect(await whyNot("nowhere.mrc")).toBe("missing");
  expect(await whyNot(".")).toBe("no-file");
  expect(await whyNot("empty.mrc")).toBe("empty");
  expect(await whyNot("letter.txt")).toBe("not-marc");
  expect(await whyNot("records.xml")).toBe("marcxml");
  expect(await whyNot("broken.gz")).toBe("damaged-gzip");
});
