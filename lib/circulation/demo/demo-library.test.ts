import { beforeEach, expect, test } from "vitest";
import { type NewRecord, upsertRecords } from "@/db/catalogue-import";
import { clearLastBorrowers } from "@/db/demo-library";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { loanEventSchema } from "../intake/loan-event";
import { addDays } from "../library-day";
import type { LibrarySystem } from "../port";
import { type DemoDesk, makeDemoDesk } from "./demo-desk";
import { lockMinutes, makeDemoLibrary, wrongPinsBeforeLock } from "./demo-library";
import { demoCards, demoPin, loadDemoLibrary } from "./demo-sample";

const [one, two, three] = demoCards;
const day = "2026-03-02";

let database: TestDatabase;
let today: string;
let now: Date;
let library: LibrarySystem;
let desk: DemoDesk;

beforeEach(async () => {
  database = await testDatabase();
  today = day;
  now = new Date("2026-03-02T15:00:00Z");
  library = makeDemoLibrary({ db: database.db, now: () => now, today: () => today });
  desk = makeDemoDesk({ db: database.db, today: () => today, lastBorrowerDays: 14 });
  await upsertRecords(database.db, [...Array(8).keys()].map(bookOf));
  await loadDemoLibrary(database.db, today);
});

function bookOf(index: number): NewRecord {
  return {
    source: "test",
    controlNumber: `c${index}`,
    title: `Title ${index}`,
    authors: [`Author ${index}`],
    isbns: [],
    format: index === 7 ? "film" : "book",
    series: [],
    subjects: ["Sea stories"],
    callNumber: "FIC",
    items: [{ barcode: `b${index}`, branch: "Main", callNumber: null }],
    alsoFound: { titles: [], authors: [], numbers: [], notes: [] },
  };
}

async function accountOf(card: string) {
  const answer = await library.readAccount({ id: card });
  if (!answer.ok) throw new Error(answer.why);
  return answer.account;
}

async function countRows(table: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: string }>(`select count(*) from ${table}`);
  return Number(rows[0]?.count);
}

test("a returned loan is gone at once, but for the item's last borrower", async () => {
  const before = await countRows("demo_loans");
  expect(await desk.checkOut(three, "b6")).toMatchObject({ ok: true, title: "Title 6", dueOn: "2026-03-23" });
  expect((await accountOf(three)).loans).toMatchObject([{ barcode: "b6", outOn: day, dueOn: "2026-03-23" }]);
  expect(await desk.takeBack("b6")).toMatchObject({ ok: true, fineCents: 0 });
  expect(await accountOf(three)).toEqual({ loans: [], unlistedLoans: 0, holds: [], fines: [] });
  expect(await countRows("demo_loans")).toBe(before);
  expect(await countRows("demo_last_borrowers")).toBe(1);
});

test("the last borrower is cleared by the next loan, or after the set days", async () => {
  await desk.checkOut(three, "b6");
  await desk.takeBack("b6");
  await desk.checkOut(two, "b6");
  expect(await countRows("demo_last_borrowers")).toBe(0);
  await desk.takeBack("b6");
  expect(await clearLastBorrowers(database.db, addDays(day, 13))).toBe(0);
  expect(await clearLastBorrowers(database.db, addDays(day, 14))).toBe(1);
});

test("a late loan is kept until it is returned and paid, then deleted", async () => {
  await desk.checkOut(three, "b7");
  today = addDays(day, 7 + 3);
  expect((await accountOf(three)).fines).toEqual([{ title: "Title 7", cents: 75, returned: false }]);
  expect(await desk.readUnpaid(three)).toEqual([]);
  expect(await desk.takeBack("b7")).toMatchObject({ ok: true, fineCents: 75 });
  today = addDays(day, 30);
  expect(await accountOf(three)).toMatchObject({ loans: [], fines: [{ cents: 75, returned: true }] });
  const [fine] = await desk.readUnpaid(three);
  expect(fine).toMatchObject({ title: "Title 7", cents: 75 });
  const before = await countRows("demo_loans");
  expect(await desk.takePayment(two, fine?.loanId ?? "")).toEqual({ ok: false, why: "nothing-to-pay" });
  expect(await desk.takePayment(three, fine?.loanId ?? "")).toEqual({ ok: true, cents: 75 });
  expect(await countRows("demo_loans")).toBe(before - 1);
  expect((await accountOf(three)).fines).toEqual([]);
});

test("an item that is late cannot be paid for while it is out", async () => {
  const [overdue] = (await accountOf(one)).loans;
  expect(overdue?.dueOn).toBe("2026-02-27");
  expect(await desk.takePayment(one, overdue?.loanId ?? "")).toEqual({ ok: false, why: "nothing-to-pay" });
});

test("of two desks that check out the same item at once, one wins", async () => {
  const results = await Promise.all([
    desk.checkOut(two, "b6"),
    desk.checkOut(three, "b6"),
    desk.checkOut(two, "b6"),
    desk.checkOut(three, "b6"),
  ]);
  expect(results.filter((result) => result.ok)).toHaveLength(1);
  expect(results.filter((result) => !result.ok && result.why === "out-to-another")).toHaveLength(2);
  expect(results.filter((result) => !result.ok && result.why === "already-yours")).toHaveLength(1);
});

test("of two desks that take the same item back at once, one wins", async () => {
  await desk.checkOut(three, "b6");
  const results = await Promise.all([desk.takeBack("b6"), desk.takeBack("b6"), desk.takeBack("b6")]);
  expect(results.filter((result) => result.ok)).toHaveLength(1);
});

test("a loan is renewed twice by its holder, from the day of renewal", async () => {
  await desk.checkOut(three, "b6");
  today = addDays(day, 10);
  expect(await desk.renew(two, "b6")).toEqual({ ok: false, why: "not-out-to-you" });
  expect(await desk.renew(three, "b6")).toMatchObject({ ok: true, dueOn: addDays(day, 31) });
  expect(await desk.renew(three, "b6")).toMatchObject({ ok: true });
  expect(await desk.renew(three, "b6")).toEqual({ ok: false, why: "no-renewals-left" });
});

test("two renewals at once count as two", async () => {
  await desk.checkOut(three, "b6");
  const results = await Promise.all([1, 2, 3, 4].map(() => desk.renew(three, "b6")));
  expect(results.filter((result) => result.ok)).toHaveLength(2);
});

test("a record that another patron waits for is not renewed", async () => {
  const [loan] = (await accountOf(two)).loans;
  expect(await desk.renew(two, loan?.barcode ?? "")).toEqual({ ok: false, why: "on-hold" });
});

test("unknown cards and items are told apart from items that are not out", async () => {
  expect(await desk.checkOut("99", "b6")).toEqual({ ok: false, why: "no-card" });
  expect(await desk.checkOut(three, "nothing")).toEqual({ ok: false, why: "no-item" });
  expect(await desk.takeBack("b6")).toEqual({ ok: false, why: "not-out" });
});

test("checkout, renewal and return report the same loan in the shape that the intake takes", async () => {
  const done = [await desk.checkOut(three, "b6"), await desk.renew(three, "b6"), await desk.takeBack("b6")];
  const events = done.flatMap((result) => (result.ok ? [loanEventSchema.parse(result.event)] : []));
  expect(events.map((event) => event.type)).toEqual(["checkout", "renewal", "return"]);
  expect(new Set(events.map((event) => event.loan)).size).toBe(1);
  expect(events.every((event) => event.patron === three)).toBe(true);
  expect(events[0]).toMatchObject({ due: "2026-03-23", record: { title: "Title 6", author: "Author 6" } });
});

test("the demo cards sign in with their PIN, and their loads do not repeat", async () => {
  await loadDemoLibrary(database.db, today);
  expect(await countRows("demo_patrons")).toBe(3);
  expect(await library.authenticate(one, demoPin)).toEqual({
    ok: true,
    patron: { id: one, name: "Demo patron 1" },
  });
  expect(await accountOf(three)).toEqual({ loans: [], unlistedLoans: 0, holds: [], fines: [] });
});

test("an unknown card is answered like a wrong PIN", async () => {
  const wrong = { ok: false, why: "wrong-credentials" };
  expect(await library.authenticate(one, "4321")).toEqual(wrong);
  expect(await library.authenticate("23529000000099", demoPin)).toEqual(wrong);
});

test("a card is locked after too many wrong PINs, then also for the right one, until the time is over", async () => {
  for (let attempt = 0; attempt < wrongPinsBeforeLock; attempt++) {
    expect(await library.authenticate(one, "0000")).toMatchObject({ why: "wrong-credentials" });
  }
  expect(await library.authenticate(one, demoPin)).toEqual({ ok: false, why: "locked" });
  expect(await library.authenticate(two, demoPin)).toMatchObject({ ok: true });
  now = new Date(now.getTime() + lockMinutes * 60_000);
  expect(await library.authenticate(one, demoPin)).toMatchObject({ ok: true });
});

test("a success forgets the wrong PINs before it", async () => {
  for (let attempt = 0; attempt < wrongPinsBeforeLock - 1; attempt++) await library.authenticate(one, "0000");
  await library.authenticate(one, demoPin);
  await library.authenticate(one, "0000");
  expect(await library.authenticate(one, demoPin)).toMatchObject({ ok: true });
});
