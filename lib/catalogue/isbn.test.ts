/** ISBNs, as they are written on books and in records. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { normaliseIsbn, shortIsbn } from "./isbn";

test.each([
  ["0-14-032872-6", "9780140328721"],
  ["0140328721 (pbk.) :", null],
  ["0140328726 (pbk.) :", "9780140328721"],
  ["978-0-14-032872-1", "9780140328721"],
  ["978 0 14 032872 1 hardback", "9780140328721"],
  ["080442957X", "9780804429573"],
  ["080442957x", "9780804429573"],
  ["9780140328722", null],
  ["1234567890123", null],
  ["", null],
  ["no number", null],
])("%s is read as %s", (written, isbn) => {
  expect(normaliseIsbn(written)).toBe(isbn);
});

test("ten digits become thirteen and come back", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{9}$/), (body) => {
      const long = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "X"]
        .map((check) => normaliseIsbn(body + check))
        .filter((isbn) => isbn !== null);
      expect(long).toHaveLength(1);
      expect(shortIsbn(long[0] ?? "")?.slice(0, 9)).toBe(body);
    }),
  );
});

test("a 979 number has no short form", () => {
  expect(shortIsbn("9791034900237")).toBeNull();
});
