/** What readers may expect of the search, on a real PostgreSQL. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  CatalogueError,
  newestRecords,
  readItem,
  readItems,
  readRecord,
  sampleShelf,
  searchCatalogue,
} from "./catalogue";
import { type NewRecord, upsertRecords } from "./catalogue-import";
import { openDatabase } from "./connection";
import { type TestDatabase, testDatabase } from "./test-database";

let database: TestDatabase;

const nothingElse = { titles: [], authors: [], numbers: [], notes: [] };

function book(title: string, author: string, more: Partial<NewRecord> = {}): NewRecord {
  return {
    source: "test",
    controlNumber: `${title}/${more.format ?? "book"}`,
    title,
    authors: [author],
    isbns: [],
    format: "book",
    series: [],
    subjects: [],
    items: [],
    alsoFound: nothingElse,
    ...more,
  };
}

beforeAll(async () => {
  database = await testDatabase();
  await upsertRecords(database.db, [
    book("It", "King, Stephen", { summary: "It comes back." }),
    book("It's a wonderful life", "Capra, Frank", { format: "film" }),
    book("The hobbit", "Tolkien, J. R. R.", {
      subtitle: "or, There and back again",
      isbns: ["9780547928227"],
      alsoFound: { ...nothingElse, numbers: ["054792822X"] },
      items: [
        { barcode: "39529000000031", branch: "Hill Branch", callNumber: "FIC TOL" },
        { barcode: "39529000000032", branch: "Main Library", callNumber: null },
      ],
      callNumber: "FIC",
    }),
    book("The art of the hobbit", "Hammond, Wayne G.", { year: 2012 }),
    book("Dragons", "Nigg, Joe", { subjects: ["Hobbits"] }),
    book("Ender's game", "Card, Orson Scott"),
    book("L'étranger", "Camus, Albert"),
    book("Spider-Man", "Lee, Stan"),
    book("San ti", "Liu, Cixin", { originalTitle: "三体" }),
    book("Cien años de soledad", "García Márquez, Gabriel"),
    book("The Stephen King companion", "Beahm, George"),
    book("The shining", "King, Stephen"),
    book("Pride & prejudice", "Austen, Jane"),
    book("Learning C++", "Author, Some"),
    book("Gadsby", "Wright, Ernest Vincent", {
      alsoFound: { ...nothingElse, notes: ["Lipogram without one letter."] },
    }),
  ]);
});

async function titles(q: string): Promise<string[]> {
  const found = await searchCatalogue(database.db, { q, limit: 20, offset: 0 });
  return found.items.map((item) => item.title);
}

const findsFirst = (name: string, q: string, title: string) =>
  test(name, async () => expect((await titles(q))[0]).toBe(title));

findsFirst("a title of one small word is found first", "It", "It");
findsFirst("the exact title comes before longer ones", "the hobbit", "The hobbit");
findsFirst("the article may be left out", "hobbit", "The hobbit");
findsFirst("a title and its author together find the book", "hobbit tolkien", "The hobbit");
findsFirst("initials may be written together", "jrr tolkien", "The hobbit");
findsFirst("initials may be written with points", "J.R.R. Tolkien", "The hobbit");
findsFirst("accents and case do not matter", "CIEN ANOS de soledad garcía marquez", "Cien años de soledad");
findsFirst("an apostrophe may be left out", "enders game", "Ender's game");
findsFirst("an elided article may be left out", "etranger", "L'étranger");
findsFirst("a hyphen may be a space", "spider man", "Spider-Man");
findsFirst("a hyphen may be nothing", "spiderman", "Spider-Man");
findsFirst("a title is found in its own script", "三体", "San ti");
findsFirst("a title is found as it is romanised", "san ti", "San ti");
findsFirst("and may be written for &", "pride and prejudice", "Pride & prejudice");
findsFirst("signs of a name count", "c++", "Learning C++");
findsFirst("an ISBN-13 is found with hyphens", "978-0-547-92822-7", "The hobbit");
findsFirst("an ISBN-13 is found with spaces", "978 0 547 92822 7", "The hobbit");
findsFirst("an ISBN-10 is found", "054792822X", "The hobbit");
findsFirst("an ISBN is found with its name", "ISBN: 0-547-92822-x", "The hobbit");
findsFirst("a phrase stands in this order", '"back again"', "The hobbit");
findsFirst("a note is found", "lipogram", "Gadsby");

test("a phrase in another order is not found", async () => {
  expect(await titles('"again back"')).toEqual([]);
});

test("all words must be there when a record has them all", async () => {
  const found = await searchCatalogue(database.db, { q: "hobbit art", limit: 20, offset: 0 });
  expect(found).toMatchObject({ total: 1, match: "all" });
});

test("a word with a minus is not there", async () => {
  expect(await titles("hobbit -art")).toEqual(["The hobbit", "Dragons"]);
});

test("singular and plural find each other", async () => {
  expect(await titles("dragon")).toEqual(["Dragons"]);
  expect(await titles("hobbits")).toContain("The hobbit");
});

test("the last word may be a beginning, which is said", async () => {
  const found = await searchCatalogue(database.db, { q: "cien años de sole", limit: 20, offset: 0 });
  expect(found).toMatchObject({ match: "beginning", items: [{ title: "Cien años de soledad" }] });
});

test("when no record has all the words, those with some come, which is said", async () => {
  const found = await searchCatalogue(database.db, { q: "hobbit zeppelin", limit: 20, offset: 0 });
  expect(found.match).toBe("some");
  expect(found.items.map((item) => item.title)).toContain("The hobbit");
});

test("a title's words weigh more than an author's, an author's more than a subject's", async () => {
  expect(await titles("king")).toEqual(["The Stephen King companion", "It", "The shining"]);
  expect((await titles("hobbits")).at(-1)).toBe("Dragons");
});

test("pages follow each other without a gap, and the total stays on a page beyond the last", async () => {
  const page = (offset: number) => searchCatalogue(database.db, { q: "hobbit", limit: 1, offset });
  const pages = await Promise.all([0, 1, 2, 3].map(page));
  expect(pages.map((found) => found.total)).toEqual([3, 3, 3, 3]);
  expect(new Set(pages.flatMap((found) => found.items.map((item) => item.id))).size).toBe(3);
  expect(pages[3]?.items).toEqual([]);
});

const oddQueries = [
  "",
  " ",
  "'",
  "(",
  "\\",
  "\0",
  "a\0b",
  ":*",
  "&|!<->",
  '"',
  '""',
  '-""',
  "-",
  "-a",
  "%",
  "𝕏",
  "\ud800",
];

test.each(oddQueries)("%j is a query like any other", async (q) => {
  expect((await searchCatalogue(database.db, { q, limit: 5, offset: 0 })).total).toBeGreaterThanOrEqual(0);
});

test("a query of ten kilobytes is a query like any other", async () => {
  for (const q of ["x".repeat(10_000), "it ".repeat(5000), "'".repeat(10_000), "-a ".repeat(5000)]) {
    expect((await searchCatalogue(database.db, { q, limit: 5, offset: 0 })).total).toBeGreaterThanOrEqual(0);
  }
});

test("no string throws", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 80 }), async (q) => {
      await searchCatalogue(database.db, { q, limit: 5, offset: 0 });
    }),
    { numRuns: 300 },
  );
});

test("a search that fails does not tell what was searched", async () => {
  const closed = openDatabase("postgresql://nobody@/nowhere?host=/nonexistent");
  const fault = await searchCatalogue(closed.db, { q: "private words", limit: 5, offset: 0 }).catch(
    (error: unknown) => error,
  );
  await closed.close();
  expect(fault).toBeInstanceOf(CatalogueError);
  if (!(fault instanceof CatalogueError)) return;
  expect(`${fault.message} ${fault.stack} ${String(fault.cause)}`).not.toMatch(/private/);
});

test("a record comes with its items, an item with its record", async () => {
  const item = await readItem(database.db, "39529000000032");
  expect(item).toMatchObject({
    title: "The hobbit",
    isbn: "9780547928227",
    branch: "Main Library",
    callNumber: "FIC",
  });
  const record = await readRecord(database.db, item?.recordId ?? 0);
  expect(record?.items.map((each) => each.barcode)).toEqual(["39529000000031", "39529000000032"]);
  expect(await readItem(database.db, "no such\0barcode")).toBeNull();
  expect(await readItems(database.db, [])).toEqual([]);
});

test.each([0, -1, 1.5, 2 ** 31, Number.NaN, 999_999])("there is no record %d", async (id) => {
  expect(await readRecord(database.db, id)).toBeNull();
});

test("a record that comes again keeps its id, and its items are those that came last", async () => {
  const { db } = database;
  const [before] = (await searchCatalogue(db, { q: "gadsby", limit: 1, offset: 0 })).items;
  const again = book("Gadsby", "Wright, Ernest Vincent", {
    year: 1939,
    items: [{ barcode: "g2", branch: "Main", callNumber: null }],
  });
  await upsertRecords(db, [{ ...again, items: [{ barcode: "g1", branch: "Main", callNumber: null }] }]);
  expect(await upsertRecords(db, [again])).toEqual({ added: 0, updated: 1 });
  const after = await readRecord(db, before?.id ?? 0);
  expect(after).toMatchObject({ title: "Gadsby", year: 1939, items: [{ barcode: "g2" }] });
});

test("one control number in two sources is two records", async () => {
  const { db } = database;
  const twin = (source: string) => book("Twin", "Author, Some", { source });
  expect(await upsertRecords(db, [twin("one"), twin("two"), twin("one")])).toEqual({ added: 2, updated: 1 });
  expect(await titles("twin")).toHaveLength(2);
});

test("a shelf has different records, and another turn another shelf", async () => {
  const ids = async (turn: number) => (await sampleShelf(database.db, 4, turn)).map((record) => record.id);
  const shelf = await ids(0);
  expect(new Set(shelf).size).toBe(4);
  expect(await ids(0)).toEqual(shelf);
  expect(await ids(2)).not.toEqual(shelf);
  expect(await newestRecords(database.db, 3)).toHaveLength(3);
});
