import { expect, test } from "vitest";
import { cutVisitedLoan, type VisitedLoan } from "./visited-loan";

const loan: VisitedLoan = {
  entryId: "an entry",
  item: "39529000000001",
  outOn: "2026-11-02",
  dueOn: null,
  recordId: "77",
  title: "Piranesi",
  author: "Susanna Clarke",
  isbn: "9781635575637",
  format: "book",
  callNumber: "FIC CLA",
  subjects: ["Labyrinths"],
};

test("a loan of ordinary size is taken as the library system tells it", () => {
  expect(cutVisitedLoan(loan)).toEqual(loan);
});

test("texts of any length become short ones, and an identifier that is too long is left out", () => {
  const endless = "Ω".repeat(2_000_000);
  const cut = cutVisitedLoan({
    ...loan,
    item: endless,
    title: endless,
    author: endless,
    isbn: endless,
    callNumber: endless,
    subjects: Array.from({ length: 5_000 }, () => endless),
  });
  expect(cut.isbn).toBeNull();
  expect(new TextEncoder().encode(JSON.stringify(cut)).length).toBeLessThan(12_000);
  expect(cut.title).toMatch(/^Ω+…$/);
});
