import { expect, test } from "vitest";
import { libraryHour } from "@/lib/circulation/library-day";
import { isQuiet } from "./quiet-hours";

test.each([
  [0, "0-5", true],
  [4, "0-5", true],
  [5, "0-5", false],
  [12, "0-5", false],
  [23, "22-4", true],
  [3, "22-4", true],
  [4, "22-4", false],
  [13, "0-24", true],
])("hour %i of the span %s", (hour, hours, quiet) => {
  expect(isQuiet(hour, hours)).toBe(quiet);
});

test("hours are the library's, midnight is 0", () => {
  expect(libraryHour(new Date("2026-03-02T05:30:00Z"), "America/New_York")).toBe(0);
  expect(libraryHour(new Date("2026-03-02T04:30:00Z"), "America/New_York")).toBe(23);
});
