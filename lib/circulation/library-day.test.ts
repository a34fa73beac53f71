import { expect, test } from "vitest";
import { addDays, daysBetween, libraryDay } from "./library-day";

test("the day is the library's, not the server's", () => {
  const lateEvening = new Date("2026-03-02T03:30:00Z");
  expect(libraryDay(lateEvening, "America/New_York")).toBe("2026-03-01");
  expect(libraryDay(lateEvening, "Asia/Tokyo")).toBe("2026-03-02");
});

test("days are counted over a change of clocks, a leap day and a new year", () => {
  expect(addDays("2026-03-07", 2)).toBe("2026-03-09");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
  expect(daysBetween("2026-03-07", "2026-03-09")).toBe(2);
  expect(daysBetween("2026-03-09", "2026-03-07")).toBe(-2);
});
