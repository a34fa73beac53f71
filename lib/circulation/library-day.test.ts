import { expect, test } from "vitest";
import { addDays, daysBetween, libraryDay, readDay } from "./library-day";

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

test("a day is read from a date, or from a moment in any zone", () => {
  const zone = "America/New_York";
  expect(readDay("2026-03-02", zone)).toBe("2026-03-02");
  expect(readDay("2026-03-03T04:59:59Z", zone)).toBe("2026-03-02");
  expect(readDay("2026-03-02T23:59:59-0500", zone)).toBe("2026-03-02");
  expect(readDay("2026-03-03T06:00:00.123+01:00", zone)).toBe("2026-03-03");
  expect(readDay("2026-03-02T23:59:59", zone)).toBe("2026-03-02");
  for (const none of ["", null, undefined, "soon", "2026-02-30", "2026-13-01", "2026-03-02T99:00:00Z"])
    expect(readDay(none, zone), String(none)).toBeNull();
});
