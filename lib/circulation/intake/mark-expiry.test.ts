import { expect, test } from "vitest";
import { markExpiry } from "./mark-expiry";

test("a mark is kept for some months after its due day, or for a year when there is none", () => {
  expect(markExpiry("2026-11-01", "2026-11-22")).toBe("2027-03-01");
  expect(markExpiry("2026-11-01", undefined)).toBe("2028-01-01");
});

test("a loan without an end in sight is not kept in mind for ever", () => {
  expect(markExpiry("2026-11-01", "9999-12-31")).toBe("2029-12-01");
});

test("whatever days are written, the answer is a date that the database takes", () => {
  for (const day of ["0000-01-01", "0099-12-31", "9998-12-31", "9999-12-31"]) {
    for (const due of [undefined, "0000-01-01", "9999-01-01", "9999-12-31"]) {
      expect(markExpiry(day, due)).toMatch(/^\d{4}-\d\d-01$/);
    }
  }
});
