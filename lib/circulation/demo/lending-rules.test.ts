import { expect, test } from "vitest";
import { dueDay, fineCents, refuseRenewal } from "./lending-rules";

test("a book is out for 21 days and a film for 7", () => {
  expect(dueDay("book", "2026-03-01")).toBe("2026-03-22");
  expect(dueDay("film", "2026-03-01")).toBe("2026-03-08");
});

test("a fine is 25 cents a late day, nothing on the due day, and at most 10 dollars", () => {
  expect(fineCents("2026-03-10", "2026-03-01")).toBe(0);
  expect(fineCents("2026-03-10", "2026-03-10")).toBe(0);
  expect(fineCents("2026-03-10", "2026-03-13")).toBe(75);
  expect(fineCents("2026-03-10", "2027-03-10")).toBe(1000);
});

test("a loan is renewed twice, not when overdue, not when another patron waits", () => {
  const loan = { dueOn: "2026-03-10", renewals: 0, awaited: false };
  expect(refuseRenewal(loan, "2026-03-10")).toBeNull();
  expect(refuseRenewal({ ...loan, renewals: 1 }, "2026-03-10")).toBeNull();
  expect(refuseRenewal({ ...loan, renewals: 2 }, "2026-03-10")).toBe("no-renewals-left");
  expect(refuseRenewal({ ...loan, awaited: true }, "2026-03-10")).toBe("on-hold");
  expect(refuseRenewal(loan, "2026-03-11")).toBe("overdue");
});
