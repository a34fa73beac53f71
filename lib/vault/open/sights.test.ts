import fc from "fast-check";
import { expect, test } from "vitest";
import type { Visit, VisitedLoan } from "../visited-loan";
import type { HistoryEntry } from "./history-entry";
import { HistoryShelf } from "./history-shelf";
import { sightsBehind, takeVisit, uniteSights } from "./sights";

const dayOf = (number: number) => new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);
const details = {
  recordId: null,
  title: "Beloved",
  author: null,
  isbn: null,
  format: null,
  callNumber: null,
  subjects: [],
};

function emptyShelf(): Promise<HistoryShelf> {
  return HistoryShelf.open([], [], new Uint8Array(32), { vaultId: "v", epoch: 1 });
}

const seen = (item: string, more: Partial<VisitedLoan> = {}): VisitedLoan => ({
  ...details,
  entryId: null,
  item,
  outOn: null,
  dueOn: null,
  ...more,
});

const visit = (number: number, loans: VisitedLoan[], isComplete = true): Visit => ({
  day: dayOf(number),
  loans,
  isComplete,
});

const pushed = (id: string, item: string, more: Partial<HistoryEntry>): HistoryEntry => ({
  ...details,
  id,
  item,
  outOn: null,
  dueOn: null,
  returnedOn: null,
  renewals: [],
  ...more,
});

test("a loan that visits see is one entry, from the first visit that saw it to the first that did not", async () => {
  const shelf = await emptyShelf();
  for (const number of [3, 3, 9]) takeVisit(shelf, visit(number, [seen("b1", { dueOn: dayOf(20) })]));
  expect(shelf.newestFirst()).toMatchObject([
    { title: "Beloved", seenOn: dayOf(3), dueOn: dayOf(20), returnedOn: null },
  ]);
  expect(shelf.newestFirst()[0]?.goneOn).toBeUndefined();
  takeVisit(shelf, visit(12, []));
  takeVisit(shelf, visit(15, []));
  expect(shelf.newestFirst()).toMatchObject([{ seenOn: dayOf(3), goneOn: dayOf(12) }]);
});

test("a list that is not whole ends no loan, and a loan that no visit saw is never ended by one", async () => {
  const shelf = await emptyShelf();
  shelf.merge(pushed("elsewhere", "x", { outOn: dayOf(1) }));
  takeVisit(shelf, visit(3, [seen("b1")]));
  takeVisit(shelf, visit(9, [], false));
  expect(shelf.newestFirst().every(({ goneOn }) => goneOn === undefined)).toBe(true);
  takeVisit(shelf, visit(10, []));
  expect(
    shelf
      .newestFirst()
      .filter(({ goneOn }) => goneOn)
      .map(({ item }) => item),
  ).toEqual(["b1"]);
});

test("the same copy borrowed again is another loan", async () => {
  const shelf = await emptyShelf();
  for (const [number, loans] of [
    [1, [seen("b1")]],
    [5, []],
    [30, [seen("b1")]],
    [40, []],
    [50, [seen("b1")]],
  ] as const)
    takeVisit(shelf, visit(number, [...loans]));
  expect(shelf.newestFirst().map(({ seenOn }) => seenOn)).toEqual([dayOf(50), dayOf(30), dayOf(1)]);
});

test("a visit tells a loan under the id of its events, where the library system has one", async () => {
  const shelf = await emptyShelf();
  shelf.merge(pushed("e1", "b1", { outOn: dayOf(1) }));
  takeVisit(shelf, visit(2, [seen("b1", { entryId: "e1", dueOn: dayOf(22) })]));
  takeVisit(shelf, visit(9, [seen("b1", { entryId: "e2" })]));
  expect(shelf.newestFirst()).toMatchObject([
    { id: "e2", seenOn: dayOf(9) },
    { id: "e1", outOn: dayOf(1), dueOn: dayOf(22), goneOn: dayOf(9) },
  ]);
});

test("a copy whose earlier loan an event has told is seen again, though no event tells of the next loan", async () => {
  const shelf = await emptyShelf();
  takeVisit(shelf, visit(3, [seen("b1")]));
  shelf.merge(pushed("e1", "b1", { outOn: dayOf(1), returnedOn: dayOf(5) }));
  uniteSights(shelf);
  expect(shelf.newestFirst()).toMatchObject([{ id: "e1", seenOn: dayOf(3) }]);
  takeVisit(shelf, visit(20, [seen("b1")]));
  expect(shelf.newestFirst()).toMatchObject([{ seenOn: dayOf(20) }, { id: "e1" }]);
});

test("two devices that visit at once make the same entry", async () => {
  const [one, other] = [await emptyShelf(), await emptyShelf()];
  for (const shelf of [one, other]) takeVisit(shelf, visit(3, [seen("b1")]));
  expect(one.newestFirst()).toEqual(other.newestFirst());
});

test("an entry that the reader removed does not come back while the copy is out; the copy's next loan is shown", async () => {
  for (const told of [false, true]) {
    const shelf = await emptyShelf();
    if (told) shelf.merge(pushed("e1", "b1", { outOn: dayOf(1) }));
    takeVisit(shelf, visit(2, [seen("b1")]));
    const id = shelf.newestFirst()[0]?.id ?? "";
    for (const one of [id, ...sightsBehind(shelf, id)]) shelf.remove(one);
    takeVisit(shelf, visit(3, [seen("b1", { dueOn: dayOf(40) })]));
    expect(shelf.newestFirst()).toEqual([]);
    takeVisit(shelf, visit(8, []));
    takeVisit(shelf, visit(20, [seen("b1")]));
    expect(shelf.newestFirst()).toMatchObject([{ seenOn: dayOf(20) }]);
  }
});

interface Lent {
  item: string;
  from: number;
  to: number;
}

/** A patron's loans: of each copy one after another, a day between them. */
const lending = fc
  .array(
    fc.record({
      item: fc.constantFrom("b1", "b2", "b3"),
      gap: fc.integer({ min: 1, max: 9 }),
      length: fc.integer({ min: 1, max: 20 }),
    }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((steps) => {
    const free = new Map<string, number>();
    return steps.map(({ item, gap, length }): Lent => {
      const from = (free.get(item) ?? 0) + gap;
      free.set(item, from + length + 1);
      return { item, from, to: from + length };
    });
  });

test("pushed and visited in any order and any number of times, each loan is once in the history, with its days", async () => {
  await fc.assert(
    fc.asyncProperty(
      lending,
      fc.uniqueArray(fc.integer({ min: 0, max: 90 }), { maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      async (loans, visits, order) => {
        const shelf = await emptyShelf();
        const events = loans.flatMap(({ item, from, to }, index) => [
          pushed(`e${index}`, item, { outOn: dayOf(from) }),
          pushed(`e${index}`, item, { returnedOn: dayOf(to) }),
        ]);
        const late = events.flatMap((event) =>
          Array.from({ length: 1 + (order.next().value % 2) }, () => event),
        );
        const shuffled = late.map((event) => ({ event, at: order.next().value })).sort((a, b) => a.at - b.at);
        const queue = shuffled.map(({ event }) => event);
        // Visits come in the order of their days; events at any time between them, before or after what they tell.
        for (const number of visits.toSorted((a, b) => a - b)) {
          for (let count = order.next().value % 3; count > 0; count--) {
            const event = queue.pop();
            if (event) shelf.merge(event);
            uniteSights(shelf);
          }
          const out = loans.filter(({ from, to }) => from <= number && number < to);
          takeVisit(
            shelf,
            visit(
              number,
              out.map(({ item }) => seen(item)),
            ),
          );
        }
        for (const event of queue) {
          shelf.merge(event);
          uniteSights(shelf);
        }
        const told = shelf
          .newestFirst()
          .map(({ item, outOn, returnedOn }) => [item, outOn, returnedOn].join());
        const wanted = loans.map(({ item, from, to }) => [item, dayOf(from), dayOf(to)].join());
        expect(told.toSorted()).toEqual(wanted.toSorted());
      },
    ),
    { numRuns: 500 },
  );
});
