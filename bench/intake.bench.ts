/**
 * What taking loan events costs: sealing with the database write against sealing alone, what pages feel of it, and
 * whether the time of an answer tells a patron with a history from one without.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { searchCatalogue } from "@/db/catalogue";
import { openDatabase } from "@/db/connection";
import { importRecords } from "@/lib/catalogue/import-records";
import { writeSampleRecord } from "@/lib/catalogue/sample/sample-marc";
import { readSampleWorks } from "@/lib/catalogue/sample/sample-works";
import { answerAfterMs } from "@/lib/circulation/intake/answer-time";
import { makeIntake } from "@/lib/circulation/intake/intake";
import { loanEntries } from "@/lib/circulation/intake/loan-entries";
import type { LoanEvent } from "@/lib/circulation/intake/loan-event";
import { sealPoolFromSource } from "@/lib/circulation/intake/source-thread";
import { directVaultServer } from "@/lib/custody/direct-vault-server";
import { memoryKeyring } from "@/lib/custody/keyring";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import { newDecoyRecipient } from "@/lib/vault/recipient";

const url = process.env.DATABASE_URL;
if (!url) throw new Error("DATABASE_URL names the database to measure in; npm run bench gives one.");
/** Of sealing alone, for batches of 50 and more: the rest is the database's. */
const mostOfSealing = 2;
/** Of the idle median: pages must not queue behind a seal. */
const mostMedianGrowth = 4;
/** The gap between with and without, as a share of the spread that either has by itself. */
const mostGapOfSpread = 0.5;

const reading = openDatabase(url);
const writing = openDatabase(url, 4);
const { db } = writing;
const keyring = memoryKeyring();
const recipient = await newDecoyRecipient();
const pool = sealPoolFromSource(keyring.intakeSecretKey);
const work = makeIntake({ db, keyring, pool, pause: async () => {} });
const whole = makeIntake({ db, keyring, pool });

// The sealing thread does not keep a process alive, and sealing alone waits for nothing else.
const alive = setInterval(() => {}, 1000);
await importRecords(reading.db, sample(), { source: "bench" });
await reading.pool.query("vacuum analyze records");
for (const patron of ["reader", "reader-2"]) {
  const server = directVaultServer({ db, keyring }, patron);
  const session = openVaultSession({ server, random: secureRandom, today: () => "2026-11-23" });
  await session.prepareSetUp({ passphrase: "five words for one measure" });
  const outcome = await session.finishSetUp();
  if (!outcome.ok) throw new Error(outcome.why);
}

await sealAlone(20);
await measureThroughput();
await measurePages();
await measureAnswers();
clearInterval(alive);
await pool.close();
await Promise.all([reading.close(), writing.close()]);

async function measureThroughput(): Promise<void> {
  console.log("sealing with the database write, against sealing alone, one thread");
  for (const [size, times] of [
    [1, 60],
    [50, 6],
    [500, 1],
  ] as const) {
    const [alone, stored] = [[] as number[], [] as number[]];
    for (let time = 0; time < times; time++) {
      alone.push(await sealAlone(size));
      stored.push(await millis(() => work.take(batch("reader", size))));
    }
    const ratio = median(stored) / median(alone);
    const perSecond = Math.round((size * 1000) / median(stored));
    const isOver = size >= 50 && ratio > mostOfSealing;
    if (isOver) process.exitCode = 1;
    console.log(
      `  batches of ${String(size).padStart(3)}  ${String(perSecond).padStart(4)} events a second   ${ratio.toFixed(2)} of sealing alone` +
        `${size >= 50 ? `   ${isOver ? "OVER" : "within"} the limit of ${mostOfSealing}` : ""}`,
    );
  }
}

async function measurePages(): Promise<void> {
  console.log("a page's queries, from the same process, with connections of their own");
  for (const [name, query] of [
    ["select 1", () => reading.pool.query("select 1")],
    ["search", () => searchCatalogue(reading.db, { q: "the sea", limit: 20, offset: 0 })],
  ] as const) {
    const idle = await latencies(query, 300);
    let isOver = false;
    const taking = (async () => {
      for (; !isOver; ) await work.take(batch("reader", 100));
    })();
    await sleep(100);
    const meanwhile = await latencies(query, 300);
    isOver = true;
    await taking;
    const growth = median(meanwhile) / median(idle);
    const verdict = growth <= mostMedianGrowth ? "within" : "OVER";
    if (growth > mostMedianGrowth) process.exitCode = 1;
    console.log(
      `  ${name.padEnd(9)} idle p50 ${show(median(idle))} p99 ${show(at(idle, 0.99))}   while sealing p50 ${show(median(meanwhile))} ` +
        `p99 ${show(at(meanwhile, 0.99))}   p50 ${growth.toFixed(1)} times, ${verdict} the limit of ${mostMedianGrowth}`,
    );
  }
}

/** Interleaved, so that what else the machine does falls on all alike. */
async function measureAnswers(): Promise<void> {
  console.log("the answer's time for one event, a patron with a history against two without");
  const times = 60;
  const patrons = { with: "reader", without: "nobody", "without again": "somebody-else" };
  const answers = new Map<string, number[]>(Object.keys(patrons).map((name) => [name, []]));
  const bare = new Map<string, number[]>(Object.keys(patrons).map((name) => [name, []]));
  for (let time = 0; time < times; time++) {
    for (const [name, patron] of rotated(Object.entries(patrons), time)) {
      answers.get(name)?.push(await millis(() => whole.take(batch(patron, 1))));
      bare.get(name)?.push(await millis(() => work.take(batch(patron, 1))));
    }
  }
  const planned = answerAfterMs(1, pool.threads, 0);
  for (const [name, values] of answers) {
    const late = values.filter((value) => value > planned + 250).length;
    const worked = bare.get(name) ?? [];
    console.log(
      `  ${name.padEnd(13)} median ${show(median(values))}   middle half ${show(spread(values))}   later than planned (${planned} ms) ${late} of ${times}` +
        `   its work ${show(median(worked))}, p99 ${show(at(worked, 0.99))}`,
    );
  }
  const [a = [], b = [], c = []] = answers.values();
  const gap = Math.abs(median(a) - median(b));
  const noise = Math.abs(median(b) - median(c));
  const allowed = Math.max(1, mostGapOfSpread * spread([...b, ...c]));
  if (gap > allowed) process.exitCode = 1;
  console.log(
    `  with and without differ by ${show(gap)}, without and without by ${show(noise)}: ${gap <= allowed ? "within" : "OVER"} the limit of ${show(allowed)}`,
  );
}

/** The same entries for a recipient that nobody opens, without a database. Milliseconds. */
async function sealAlone(size: number): Promise<number> {
  const nobody = { vaultId: randomUUID(), entryKey: null };
  const entries = loanEntries(nobody, batch("nobody", size));
  return millis(() => pool.seal({ recipient, tail: new Uint8Array(32), entries }));
}

function batch(patron: string, size: number): LoanEvent[] {
  return Array.from({ length: size }, () => ({
    type: "checkout",
    loan: randomUUID(),
    patron,
    day: "2026-11-02",
    due: "2026-11-23",
    record: {
      recordId: "812",
      title: "A title of usual length, and its subtitle",
      author: "Author, Usual",
      isbn: "9780141439549",
      format: "book",
      callNumber: "PR4662 .A1",
      subjects: ["Fiction", "City and town life"],
    },
  }));
}

async function* sample(): AsyncGenerator<Uint8Array> {
  for (const work of await readSampleWorks()) yield writeSampleRecord(work);
}

async function latencies(query: () => PromiseLike<unknown>, count: number): Promise<number[]> {
  const values: number[] = [];
  for (let time = 0; time < count; time++) {
    values.push(await millis(query));
    await sleep(2);
  }
  return values;
}

async function millis(act: () => PromiseLike<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

function at(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function median(values: number[]): number {
  return at(values, 0.5);
}

/** How wide the middle half is. */
function spread(values: number[]): number {
  return at(values, 0.75) - at(values, 0.25);
}

function show(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function rotated<T>(items: T[], by: number): T[] {
  const from = by % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}
