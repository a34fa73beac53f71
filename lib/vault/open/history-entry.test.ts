import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HistoryEntry, mergeEntries, newestFirst, sameEntry } from "./history-entry";

const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-02-${String(number).padStart(2, "0")}`);
const text = fc.option(fc.constantFrom("a", "b", "cc", "é"));
const anyEntry: fc.Arbitrary<HistoryEntry> = fc.record({
  id: fc.constant("one"),
  recordId: text,
  title: text,
  author: text,
  isbn: text,
  format: text,
  callNumber: text,
  subjects: fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }),
  outOn: fc.option(day),
  dueOn: fc.option(day),
  returnedOn: fc.option(day),
  renewals: fc.uniqueArray(day, { maxLength: 3 }).map((days) => days.sort()),
});

describe("merging events of one loan", () => {
  it("gives the same in either order", () => {
    fc.assert(
      fc.property(anyEntry, anyEntry, (a, b) => {
        expect(mergeEntries(a, b)).toEqual(mergeEntries(b, a));
      }),
      { numRuns: 1000 },
    );
  });

  it("gives the same however three are grouped", () => {
    fc.assert(
      fc.property(anyEntry, anyEntry, anyEntry, (a, b, c) => {
        expect(mergeEntries(mergeEntries(a, b), c)).toEqual(mergeEntries(a, mergeEntries(b, c)));
      }),
      { numRuns: 1000 },
    );
  });

  it("changes nothing when an event comes again", () => {
    fc.assert(
      fc.property(anyEntry, anyEntry, (a, b) => {
        expect(mergeEntries(a, a)).toEqual(a);
        const merged = mergeEntries(a, b);
        expect(mergeEntries(merged, b)).toEqual(merged);
        expect(sameEntry(merged, mergeEntries(merged, a))).toBe(true);
      }),
    );
  });

  it("keeps the first day out, the last day due, the first return and every renewal", () => {
    const blank = { id: "one", recordId: null, title: null, author: null, isbn: null, format: null };
    const none = { ...blank, callNumber: null, subjects: [], outOn: null, dueOn: null, returnedOn: null };
    const events: HistoryEntry[] = [
      { ...none, returnedOn: "2026-03-09", renewals: [] },
      { ...none, title: "T", outOn: "2026-02-01", dueOn: "2026-02-22", renewals: [] },
      { ...none, dueOn: "2026-03-15", renewals: ["2026-02-20"] },
      { ...none, dueOn: "2026-03-08", renewals: ["2026-02-10"] },
    ];
    expect(events.reduce(mergeEntries)).toEqual({
      ...none,
      title: "T",
      outOn: "2026-02-01",
      dueOn: "2026-03-15",
      returnedOn: "2026-03-09",
      renewals: ["2026-02-10", "2026-02-20"],
    });
  });

  it("sorts the newest loan first, the same way every time", () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 6 }), (entries) => {
        const named = entries.map((entry, index) => ({ ...entry, id: String(index) }));
        expect(named.toSorted(newestFirst)).toEqual(named.toReversed().sort(newestFirst));
      }),
    );
  });
});
