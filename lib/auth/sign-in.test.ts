import { beforeAll, beforeEach, expect, test } from "vitest";
import { openDatabase } from "@/db/connection";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import type { Authentication, LibrarySystem } from "@/lib/circulation/port";
import { memoryKeyring } from "@/lib/custody/keyring";
import { addressRate, cardRate, refusalMillis, type SignInMeans, signIn } from "./sign-in";

let database: TestDatabase;
let means: SignInMeans;
let answer: Authentication;
let asked: string[];
let paused: number[];
let address: string;

const librarySystem: LibrarySystem = {
  capabilities: { loanIds: true, daysOut: true, holds: true, fines: "none", events: true, visits: false },
  authenticate: async (card, pin) => {
    asked.push(`${card}/${pin}`);
    return answer;
  },
  readAccount: async () => ({ ok: false, why: "unreachable" }),
  readItem: async () => ({ ok: false, why: "unreachable" }),
  close: async () => {},
};

beforeAll(async () => {
  database = await testDatabase();
});

beforeEach(() => {
  answer = { ok: false, why: "wrong-credentials" };
  asked = [];
  paused = [];
  address = "192.0.2.1";
  means = {
    db: database.db,
    librarySystem,
    hashKey: memoryKeyring().hashKey,
    now: () => new Date("2026-03-01T12:00:00Z"),
    pause: async (millis) => {
      paused.push(millis);
    },
  };
});

const attempt = (card: unknown, pin: unknown = "0000") => signIn(means, { card, pin, address });

test("a locked card is answered word for word like a wrong PIN and an unknown card", async () => {
  const wrong = await attempt("1");
  answer = { ok: false, why: "locked" };
  expect(await attempt("1")).toEqual(wrong);
  expect(paused).toEqual([refusalMillis, refusalMillis]);
});

test("a card has its attempts, whoever asks; then the library system is not asked any more", async () => {
  for (let count = 0; count < cardRate.capacity; count++) {
    address = `192.0.2.${count}`;
    expect(await attempt("1")).toEqual({ ok: false, why: "wrong-credentials" });
  }
  answer = { ok: true, patron: { id: "1", name: "Demo patron 1" } };
  expect(await attempt("1")).toEqual({ ok: false, why: "too-many-attempts", retryAfterSeconds: 360 });
  expect(asked).toHaveLength(cardRate.capacity);
  expect(await attempt("2")).toMatchObject({ ok: true });
});

test("spaces and capitals make no new allowance for a card", async () => {
  for (const card of ["ab1", "AB1", "a b1", " ab1 ", "aB 1"]) await attempt(card);
  expect(await attempt("Ab1")).toMatchObject({ why: "too-many-attempts" });
});

test("an address has its attempts over all cards, in any process", async () => {
  const other = openDatabase(database.url);
  try {
    const mine = means;
    for (let count = 0; count < addressRate.capacity; count++) {
      means = count % 2 ? mine : { ...mine, db: other.db };
      expect(await attempt(`card ${count}`)).toMatchObject({ why: "wrong-credentials" });
    }
    expect(await attempt("yet another")).toMatchObject({ why: "too-many-attempts" });
  } finally {
    await other.close();
  }
});

test("right sign-ins use up nothing, so that a branch's stations can share an address", async () => {
  answer = { ok: true, patron: { id: "1", name: "Demo patron 1" } };
  for (let count = 0; count < addressRate.capacity + 5; count++)
    expect(await attempt("1")).toMatchObject({ ok: true });
});

test("an unreachable library system costs no attempt", async () => {
  answer = { ok: false, why: "unreachable" };
  for (let count = 0; count < cardRate.capacity + 2; count++) {
    expect(await attempt("1")).toEqual({ ok: false, why: "library-unreachable" });
  }
});

test.each([
  ["", "1234"],
  ["1", ""],
  ["  ", "1234"],
  [undefined, "1234"],
  ["1", ["1234"]],
  ["1\0", "1234"],
  ["1".repeat(200), "1234"],
])("card %j with PIN %j is not sent to the library system", async (card, pin) => {
  expect(await attempt(card, pin)).toEqual({ ok: false, why: "missing-fields" });
  expect(asked).toEqual([]);
});

test("the allowance rows name no card and no address", async () => {
  await attempt("23529000000001");
  const { rows } = await database.pool.query(
    "select encode(key, 'escape') || allowances::text as text from allowances",
  );
  expect(JSON.stringify(rows)).not.toMatch(/23529000000001|192\.0\.2/);
});
