/** Servers killed at any moment: what was acknowledged is in the history, once, whole, and without a gap. */
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { HistoryRow, VaultSession } from "../lib/vault/unlocked-history";
import { demoCards, expect, test } from "./commonplace-test";
import { allRows, deviceOf, newPassphrase, signInOverHttp, turnOnHistoryOf } from "./patron-over-http";
import { reportLoans } from "./reading-history";
import type { RunningLibrary } from "./running-library";
import { sql } from "./server-sql";

const [card] = demoCards;
const kills = 4;
const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));

test.describe.configure({ timeout: 240_000 });
test.afterEach(() => {
  const { status, expectedStatus, title } = test.info();
  if (status !== expectedStatus) console.error(`KILL_SEED=${seed} was the seed of "${title}".`);
});

test("500 events posted and merged while everything is killed four times: none lost, none doubled, no gap", async ({
  startCommonplace,
}) => {
  const random = randomFrom(seed);
  let library = await startCommonplace();
  const cookie = await signInOverHttp(library.url, card);
  const passphrase = newPassphrase();
  const reader = deviceOf(library.url, cookie);
  await turnOnHistoryOf(reader, passphrase);

  const loans = Array.from({ length: 167 }, (_, number) => loanOf(number));
  const events = shuffled(loans.flatMap(eventsOf), random);
  expect(events).toHaveLength(500);
  const batches = cutIntoBatches(events, random);
  const thresholds = Array.from({ length: kills }, (_, turn) =>
    Math.floor(((turn + 0.2 + 0.6 * random()) / kills) * batches.length),
  );

  const sending: Sending = { acknowledged: [], attempts: 0 };
  const client = sendAll(library, batches, sending);
  const reading: Reading = { isOver: false, merges: 0, unreached: 0, faults: [] };
  const merging = mergeUntilOver(reader, reading);
  for (const threshold of thresholds) {
    while (sending.acknowledged.length < threshold) await sleep(5);
    await sleep(random() * 400);
    const acknowledged = [...sending.acknowledged];
    await library.killEverything();
    library = await startCommonplace({ dataDir: library.dataDir, port: library.port });
    // A device of its own, so that nothing the reader remembers can stand in for what the disk has lost.
    const other = deviceOf(library.url, cookie);
    expect(await other.unlock({ kind: "passphrase", secret: passphrase })).toMatchObject({ ok: true });
    expect(missingFrom(allRows(other), acknowledged.flat())).toEqual([]);
    expect(other.overview()).toMatchObject({ gap: false, unreadableInbox: 0, lost: { chapters: 0 } });
    other.lock();
  }
  await client;
  reading.isOver = true;
  await merging;
  expect(reading.faults).toEqual([]);
  expect(sending.attempts, "some batches went unanswered").toBeGreaterThan(batches.length);
  expect(reading.unreached, "the reader met a dead server").toBeGreaterThan(0);

  const expected = loans.map(rowOf).sort(byTitle);
  for (const device of [reader, deviceOf(library.url, cookie)]) {
    if (device !== reader) await device.unlock({ kind: "passphrase", secret: passphrase });
    else expect(await device.refresh()).toMatchObject({ ok: true, overview: { unsaved: false } });
    expect(device.overview()).toMatchObject({
      total: loans.length,
      stillOut: 0,
      gap: false,
      unreadableInbox: 0,
      lost: { chapters: 0, entries: 0 },
      slotsAltered: false,
    });
    expect(allRows(device).map(withoutId).sort(byTitle)).toEqual(expected);
  }
  expect(await sql(library.databaseUrl, "select count(*)::int as n from vault_inbox")).toEqual([{ n: 0 }]);
  test.info().annotations.push({
    type: "figures",
    description: `${batches.length} batches in ${sending.attempts} attempts, ${reading.merges} merges, ${reading.unreached} unanswered`,
  });
});

test("a web server killed between a commit's chapter and its manifest leaves the vault as it was, and the inbox whole", async ({
  startCommonplace,
}) => {
  const library = await startCommonplace();
  const cookie = await signInOverHttp(library.url, card);
  const passphrase = newPassphrase();
  const device = deviceOf(library.url, cookie);
  await turnOnHistoryOf(device, passphrase);
  const loans = Array.from({ length: 5 }, (_, number) => loanOf(number));
  expect((await reportLoans(library, loans.flatMap(eventsOf))).status).toBe(204);
  const stored = "select md5(string_agg(body::text, '' order by id)) as digest, count(*)::int as n from";
  const inbox = await sql(library.databaseUrl, `${stored} vault_inbox`);
  const before = await sql(library.databaseUrl, "select head, manifest from vaults");

  const blocker = new Client({ connectionString: library.databaseUrl });
  blocker.on("error", () => {});
  await blocker.connect();
  await blocker.query("begin; select 1 from vault_inbox for update");
  const saving = device.refresh();
  // Its chapter is written by then: the commit drops the inbox rows after that, and waits for these locks.
  await expect
    .poll(() =>
      sql(
        library.databaseUrl,
        "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from \"vault_inbox\"%'",
      ),
    )
    .toEqual([{ n: 1 }]);
  process.kill((await library.parts()).web, "SIGKILL");
  expect(await saving).toMatchObject({ ok: true, overview: { total: 5, unsaved: true } });
  await expect.poll(() => library.output()).toContain("The web server ended by itself (SIGKILL)");
  await library.stop();

  const next = await startCommonplace({ dataDir: library.dataDir, port: library.port });
  expect(await sql(next.databaseUrl, "select head, manifest from vaults")).toEqual(before);
  expect(await sql(next.databaseUrl, `${stored} vault_inbox`)).toEqual(inbox);
  expect(await sql(next.databaseUrl, "select id from vault_chapters")).toEqual([]);
  const other = deviceOf(next.url, cookie);
  expect(await other.unlock({ kind: "passphrase", secret: passphrase })).toMatchObject({ ok: true });
  // The first device finds that another has saved meanwhile, and agrees with it.
  expect(await device.refresh()).toMatchObject({ ok: true, overview: { unsaved: false, gap: false } });
  for (const one of [device, other])
    expect(allRows(one).map(withoutId).sort(byTitle)).toEqual(loans.map(rowOf).sort(byTitle));
});

interface Loan {
  loan: string;
  record: { recordId: string; title: string; author: string };
  outOn: string;
  renewedOn: string | null;
  returnedOn: string;
}

type Event = { type: "checkout" | "renewal" | "return"; loan: string; day: string } & Record<string, unknown>;

/** The last is not renewed, so that 167 loans make 500 events. */
function loanOf(number: number): Loan {
  const day = (offset: number) => new Date(Date.UTC(2026, 0, 1 + number + offset)).toISOString().slice(0, 10);
  return {
    loan: `loan-${seed}-${number}`,
    record: { recordId: `${number}`, title: `Volume ${number} of Night Letters`, author: `Author ${number}` },
    outOn: day(0),
    renewedOn: number === 166 ? null : day(14),
    returnedOn: day(30),
  };
}

function eventsOf({ loan, record, outOn, renewedOn, returnedOn }: Loan): Event[] {
  const about = { loan, patron: card };
  return [
    { type: "checkout", ...about, day: outOn, due: outOn, record },
    ...(renewedOn === null ? [] : [{ type: "renewal" as const, ...about, day: renewedOn, due: renewedOn }]),
    { type: "return", ...about, day: returnedOn },
  ];
}

function rowOf({ record, outOn, renewedOn, returnedOn }: Loan): Omit<HistoryRow, "id"> {
  const told = { isbn: null, format: null, callNumber: null, subjects: [] };
  const renewals = renewedOn === null ? [] : [renewedOn];
  return { ...record, ...told, outOn, dueOn: renewedOn ?? outOn, renewals, returnedOn };
}

const withoutId = ({ id: _, ...row }: HistoryRow): Omit<HistoryRow, "id"> => row;
const byTitle = (a: Omit<HistoryRow, "id">, b: Omit<HistoryRow, "id">) =>
  (a.title ?? "") < (b.title ?? "") ? -1 : 1;

/** Entry ids are secret hashes, so an event is looked for by its day: no two of a kind share one. */
function missingFrom(rows: HistoryRow[], events: Event[]): Event[] {
  const days = {
    checkout: new Set(rows.map(({ outOn }) => outOn)),
    renewal: new Set<string | null>(rows.flatMap(({ renewals }) => renewals)),
    return: new Set(rows.map(({ returnedOn }) => returnedOn)),
  };
  return events.filter(({ type, day }) => !days[type].has(day));
}

interface Sending {
  /** The batches that were answered with 204. */
  acknowledged: Event[][];
  attempts: number;
}

/** As a careful library system would: each batch again until it is acknowledged, and none after that. */
async function sendAll(library: RunningLibrary, batches: Event[][], sending: Sending): Promise<void> {
  for (const batch of batches) {
    for (;;) {
      sending.attempts++;
      const status = await reportLoans(library, batch).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 204) break;
      await sleep(100);
    }
    sending.acknowledged.push(batch);
  }
}

interface Reading {
  isOver: boolean;
  merges: number;
  unreached: number;
  faults: unknown[];
}

async function mergeUntilOver(device: VaultSession, reading: Reading): Promise<void> {
  while (!reading.isOver) {
    const outcome = await device.refresh();
    if (outcome.ok) reading.merges++;
    else if (outcome.why === "offline") reading.unreached++;
    else reading.faults.push(outcome);
    if (outcome.ok && (outcome.overview.gap || outcome.overview.unreadableInbox > 0))
      reading.faults.push(outcome);
    await sleep(100);
  }
}

function cutIntoBatches(events: Event[], random: () => number): Event[][] {
  const batches: Event[][] = [];
  for (let at = 0; at < events.length; ) {
    const size = 1 + Math.floor(random() * 40);
    batches.push(events.slice(at, at + size));
    at += size;
  }
  return batches;
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** A linear congruential generator (the constants of Numerical Recipes): the same seed kills at the same batches. */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
