/**
 * The catalogue's search: time of known-item queries made from the records, beside a sequential ILIKE in the same run.
 * `MARC_DIR` names a folder of MARC files to load; without it the sample catalogue is loaded many times over.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { countRecords, searchCatalogue } from "@/db/catalogue";
import { openDatabase } from "@/db/connection";
import { migrateDatabase } from "@/db/migrate";
import { importRecords } from "@/lib/catalogue/import-records";
import { openMarcFile } from "@/lib/catalogue/marc-file";
import { writeSampleRecord } from "@/lib/catalogue/sample/sample-marc";
import { readSampleWorks, type SampleWork } from "@/lib/catalogue/sample/sample-works";

const url = process.env.DATABASE_URL;
if (!url) throw new Error("DATABASE_URL names the database to measure in; npm run bench gives one.");
const limitP99Ms = 50;
const queryCount = 1000;
const baselineCount = 40;
const sampleTimes = 50;

await migrateDatabase(url);
const { db, pool, close } = openDatabase(url);
await load(process.env.MARC_DIR);
await pool.query("vacuum analyze records");

const known = await knownItems(queryCount);
const measured = new Map<string, number[]>();
let firstPage = 0;
for (const { title, queries } of known) {
  for (const [kind, q] of Object.entries(queries)) {
    const [found, millis] = await timed(() => searchCatalogue(db, { q, limit: 20, offset: 0 }));
    if (kind === "title and author" && found.items.some((item) => item.title === title)) firstPage++;
    measured.set(kind, [...(measured.get(kind) ?? []), millis]);
  }
}
for (const { title } of known.slice(0, baselineCount)) {
  const [, millis] = await timed(() => findSequentially(title));
  measured.set("title by ILIKE, no index", [...(measured.get("title by ILIKE, no index") ?? []), millis]);
}

console.log(`${await countRecords(db)} records, ${known.length} of them looked for`);
for (const [kind, millis] of measured) {
  const sorted = millis.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  if (!kind.includes("ILIKE") && at(0.99) > limitP99Ms) process.exitCode = 1;
  const verdict = kind.includes("ILIKE") ? "" : at(0.99) <= limitP99Ms ? "within" : "OVER";
  console.log(
    `${kind.padEnd(26)} p50 ${at(0.5).toFixed(1).padStart(7)} ms   p99 ${at(0.99).toFixed(1).padStart(7)} ms   ${verdict && `${verdict} the limit of ${limitP99Ms} ms`}`,
  );
}
console.log(
  `found on the first page by title and author: ${((firstPage / known.length) * 100).toFixed(1)} %`,
);
await close();

async function load(folder: string | undefined) {
  const started = performance.now();
  let read = 0;
  if (folder === undefined) {
    const works = await readSampleWorks();
    read = (await importRecords(db, multiplied(works), { source: "bench" })).read;
  } else {
    for (const name of (await readdir(folder)).sort()) {
      const file = await openMarcFile(join(folder, name));
      if (file.ok) read += (await importRecords(db, file.chunks, { source: name })).read;
    }
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(`imported ${read} records in ${seconds.toFixed(1)} s, ${Math.round(read / seconds)} a second`);
}

async function* multiplied(works: SampleWork[]): AsyncGenerator<Uint8Array> {
  for (let time = 0; time < sampleTimes; time++) {
    for (const work of works) {
      yield writeSampleRecord({
        ...work,
        number: `${time * 1000 + Number(work.number)}`,
        isbn: time === 0 ? work.isbn : "",
      });
    }
  }
}

async function knownItems(count: number) {
  const { rows } = await pool.query<{ title: string; author: string | null; isbn: string | null }>(
    `select title, authors[1] as author, isbns[1] as isbn from records
     where length(title) < 120 order by hashint4(id) limit $1`,
    [count],
  );
  return rows.map(({ title, author, isbn }) => {
    const surname = author?.split(",")[0] ?? "";
    const queries: { [kind: string]: string } = { title, "title and author": `${title} ${surname}` };
    if (author !== null) queries.author = author;
    if (isbn !== null) queries.ISBN = isbn;
    queries["first two words"] = title.split(" ").slice(0, 2).join(" ");
    return { title, queries };
  });
}

function findSequentially(title: string) {
  const words = title.split(/\s+/).filter((word) => word.length > 2);
  const tests = words.map(
    (_, place) => `concat_ws(' ', title, authors::text, subjects::text) ilike $${place + 1}`,
  );
  return pool.query(
    `select id, title from records where ${tests.join(" and ") || "true"} limit 20`,
    words.map((word) => `%${word}%`),
  );
}

async function timed<T>(work: () => PromiseLike<T>): Promise<[T, number]> {
  const started = performance.now();
  const result = await work();
  return [result, performance.now() - started];
}
