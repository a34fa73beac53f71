import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { refillAllowance, returnAllowance, sweepAllowances, takeAllowance } from "./allowances";
import { openDatabase } from "./connection";
import { type TestDatabase, testDatabase } from "./test-database";

const rate = { capacity: 5, perHour: 10 };
const start = new Date("2026-03-01T12:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const newKey = () => new Uint8Array(randomBytes(32));

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});

test("of forty takes at once from two pools, as many succeed as the bucket holds", async () => {
  const other = openDatabase(database.url);
  const key = newKey();
  try {
    const takes = Array.from({ length: 40 }, (_, index) =>
      takeAllowance(index % 2 ? other.db : database.db, key, rate, start),
    );
    const taken = (await Promise.all(takes)).flatMap((each) => (each.ok ? [each.left] : []));
    expect(taken.sort()).toEqual([0, 1, 2, 3, 4]);
  } finally {
    await other.close();
  }
});

test("an empty bucket says when it holds one attempt again, and then gives exactly one", async () => {
  const key = newKey();
  for (let attempt = 0; attempt < 5; attempt++) await takeAllowance(database.db, key, rate, start);
  expect(await takeAllowance(database.db, key, rate, later(120))).toEqual({
    ok: false,
    retryAfterSeconds: 240,
  });
  expect(await takeAllowance(database.db, key, rate, later(360))).toEqual({ ok: true, left: 0 });
  expect(await takeAllowance(database.db, key, rate, later(360))).toMatchObject({ ok: false });
});

test("a bucket never holds more than its capacity, however long it rested", async () => {
  const key = newKey();
  await takeAllowance(database.db, key, rate, start);
  expect(await takeAllowance(database.db, key, rate, later(86_400 * 30))).toEqual({ ok: true, left: 4 });
});

test("a clock set back gives nothing, now or when it goes forward again", async () => {
  const key = newKey();
  for (let attempt = 0; attempt < 5; attempt++) await takeAllowance(database.db, key, rate, start);
  expect(await takeAllowance(database.db, key, rate, later(-7200))).toMatchObject({ ok: false });
  expect(await takeAllowance(database.db, key, rate, start)).toMatchObject({ ok: false });
});

test("a clock set back takes nothing away", async () => {
  const key = newKey();
  await takeAllowance(database.db, key, rate, start);
  expect(await takeAllowance(database.db, key, rate, later(-7200))).toEqual({ ok: true, left: 3 });
  expect(await takeAllowance(database.db, key, rate, start)).toEqual({ ok: true, left: 2 });
});

test("an attempt given back can be taken again, and a refill gives all", async () => {
  const key = newKey();
  for (let attempt = 0; attempt < 5; attempt++) await takeAllowance(database.db, key, rate, start);
  await returnAllowance(database.db, key, rate, start);
  expect(await takeAllowance(database.db, key, rate, start)).toEqual({ ok: true, left: 0 });
  await refillAllowance(database.db, key);
  expect(await takeAllowance(database.db, key, rate, start)).toEqual({ ok: true, left: 4 });
});

test("the sweep deletes the rows of full buckets and no others", async () => {
  const [full, empty] = [newKey(), newKey()];
  await takeAllowance(database.db, full, rate, later(-86_400));
  for (let attempt = 0; attempt < 5; attempt++) await takeAllowance(database.db, empty, rate, start);
  expect(await sweepAllowances(database.db, later(60))).toBeGreaterThanOrEqual(1);
  expect(await takeAllowance(database.db, empty, rate, later(60))).toMatchObject({ ok: false });
});
