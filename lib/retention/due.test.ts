import { expect, test } from "vitest";
import { newMaster } from "@/lib/custody/keyring-contents";
import { dueForErasure } from "./due";

const now = new Date("2026-03-02T03:00:00Z");
const today = "2026-03-01";
const keyringOf = (...since: string[]) => ({
  current: since.length,
  masters: since.map((day, index) => newMaster(index + 1, day)),
});

test("days are the library's, not the clock's", () => {
  expect(dueForErasure(null, { now, today })).toEqual({
    lastBorrowersThrough: "2026-03-01",
    marksThrough: "2026-03-01",
    allowancesFullBefore: now,
    master: "not-due",
  });
});

test.each([
  ["a master of today", keyringOf("2026-03-01"), "not-due"],
  ["a master of yesterday", keyringOf("2026-02-28"), "begin"],
  ["a master of last year", keyringOf("2025-03-01"), "begin"],
  ["a master of today beside an older one", keyringOf("2026-02-28", "2026-03-01"), "finish"],
  ["two masters of earlier days", keyringOf("2026-02-27", "2026-02-28"), "begin"],
  ["a master of tomorrow, after a clock set back", keyringOf("2026-03-02"), "not-due"],
  ["no current master", { ...keyringOf("2026-03-01"), current: 2 }, "begin"],
])("%s", (_, keyring, master) => {
  expect(dueForErasure(keyring, { now, today }).master).toBe(master);
});
