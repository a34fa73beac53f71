/** Words of a record and of a query come out alike. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSearch } from "./search-query";
import { foldText, readWords, searchVector, titleKey } from "./search-words";

const wholes = (text: string) => readWords(text).map((word) => word.whole);

test.each([
  ["Ångström ÉTUDES Łódź straße", "angstrom etudes lodz strasse"],
  ["Ω Ἀθῆναι ΣΟΦΟΣ σοφός", "ω αθηναι σοφοσ σοφοσ"],
  ["Ёлка Й", "елка и"],
  ["الأيّام", "الايام"],
  ["שָׁלוֹם", "שלום"],
  ["ﬁne Ⅳ ｆｕｌｌ", "fine iv full"],
])("%s folds to %s", (text, folded) => {
  expect(foldText(text)).toBe(folded);
});

test.each([
  ["J.R.R. Tolkien", ["jrr", "tolkien"]],
  ["Tolkien, J. R. R.", ["tolkien", "jrr"]],
  ["Ender's game", ["enders", "game"]],
  ["L’Étranger", ["letranger"]],
  ["Spider-Man", ["spiderman"]],
  ["20,000 leagues", ["20000", "leagues"]],
  ["Pride & prejudice", ["pride", "and", "prejudice"]],
  ["C++ and C#", ["c++", "and", "c#"]],
  ["三体", ["三", "体"]],
  ["82년생 김지영", ["82년생", "김지영"]],
  ["?! … --", []],
])("%s has the words %j", (text, words) => {
  expect(wholes(text)).toEqual(words);
});

test("a title's key leaves out its first article, unless it is all there is", () => {
  expect(titleKey("The Hobbit")).toBe("hobbit");
  expect(titleKey("L'étranger")).toBe("etranger");
  expect(titleKey("A")).toBe("a");
});

test("no text breaks the vector's or the query's syntax", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      expect(searchVector([["A", text]])).toMatch(/^(?:'[^'\\\s]+':\d+A(?:,\d+A)*(?: |$))*$/u);
      for (const { tsquery } of parseSearch(text).attempts) {
        expect(tsquery.replace(/'[^'\\\s]+'/gu, "w")).toMatch(/^[w()&|!<>\-:* ]+$/u);
      }
    }),
  );
});

test("a query of any length asks PostgreSQL for few words", () => {
  for (const text of [
    "word ".repeat(5000),
    "a-b".repeat(5000),
    '"a b c" '.repeat(5000),
    "-a ".repeat(5000),
  ]) {
    for (const { tsquery } of parseSearch(text).attempts) expect(tsquery.length).toBeLessThan(5000);
  }
});
