import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { HistoryRow } from "../unlocked-history";
import { historyCsv, historyJson } from "./export-history";

const row: HistoryRow = {
  id: "one",
  recordId: "1",
  title: 'The "Good" Soldier, Švejk',
  author: "Hašek, Jaroslav",
  isbn: null,
  format: "book",
  callNumber: null,
  subjects: ["War; satire", "Fiction"],
  outOn: "2026-02-01",
  dueOn: "2026-02-22",
  returnedOn: null,
  renewals: ["2026-02-10"],
};

/** A plain reader of RFC 4180, to see what a spreadsheet would see. */
function readCsv(text: string): string[][] {
  const cells = /("(?:[^"]|"")*"|[^,\r\n"]*)(,|\r\n)/g;
  const lines: string[][] = [[]];
  for (const [, cell = "", end] of text.replace("\uFEFF", "").matchAll(cells)) {
    lines.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === "\r\n") lines.push([]);
  }
  return lines.slice(0, -1);
}

const documented = z.fromJSONSchema(JSON.parse(readFileSync("docs/history-format.schema.json", "utf8")));
const fits = (json: string) => documented.safeParse(JSON.parse(json)).success;

describe("the documented format", () => {
  const day = fc.constantFrom("2026-02-01", "1999-12-31");
  const text = fc.option(fc.string({ unit: "binary" }));
  const anyRow: fc.Arbitrary<HistoryRow> = fc.record(
    {
      id: fc.string(),
      recordId: text,
      title: text,
      author: text,
      isbn: text,
      format: text,
      callNumber: text,
      subjects: fc.array(fc.string()),
      outOn: fc.option(day),
      dueOn: fc.option(day),
      returnedOn: fc.option(day),
      renewals: fc.array(day),
      item: fc.string(),
      seenOn: day,
      goneOn: day,
    },
    {
      requiredKeys: [
        "id",
        "recordId",
        "title",
        "author",
        "isbn",
        "format",
        "callNumber",
        "subjects",
        "outOn",
        "dueOn",
        "returnedOn",
        "renewals",
      ],
    },
  );

  it("fits whatever is exported", () => {
    fc.assert(fc.property(fc.array(anyRow), day, (rows, today) => fits(historyJson(rows, today))));
  });

  it("fits no export with a field left out, added, or of another kind", () => {
    const file = { ...JSON.parse(historyJson([row], "2026-03-01")) };
    const loan = { ...row };
    const spoiled = <T extends object>(whole: T) => [
      ...Object.keys(whole).flatMap((name) => [
        Object.fromEntries(Object.entries(whole).filter(([other]) => other !== name)),
        { ...whole, [name]: 7 },
      ]),
      { ...whole, more: null },
    ];
    const files = [...spoiled(file), ...spoiled(loan).map((one) => ({ ...file, entries: [one] }))];
    expect(files).toHaveLength(2 * 4 + 1 + 2 * 12 + 1);
    for (const one of files)
      expect([JSON.stringify(one), fits(JSON.stringify(one))]).toEqual([expect.any(String), false]);
    expect(fits(JSON.stringify({ ...file, entries: [{ ...row, outOn: "1 February" }] }))).toBe(false);
  });
});

describe("export", () => {
  it("as JSON says its format and version and holds every row", () => {
    expect(JSON.parse(historyJson([row], "2026-03-01"))).toEqual({
      format: "commonplace-history",
      version: 1,
      exportedOn: "2026-03-01",
      entries: [row],
    });
  });

  it("as CSV reads back, quotes, commas and line breaks included", () => {
    const [head, line] = readCsv(historyCsv([row]));
    expect(head?.slice(0, 2)).toEqual(["title", "author"]);
    expect(line?.[0]).toBe(row.title);
    expect(line?.[9]).toBe("War; satire; Fiction");
  });

  it("as CSV holds no cell that a spreadsheet would run", () => {
    const start = fc.constantFrom("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "", "a");
    fc.assert(
      fc.property(start, fc.string({ unit: "binary" }), (first, rest) => {
        const [, line] = readCsv(historyCsv([{ ...row, title: first + rest }]));
        expect(line).toHaveLength(15);
        const title = line?.[0] ?? "";
        expect(title.trimStart()).not.toMatch(/^[=+\-@＝＋－＠]/);
        expect(title.replace(/^'/, "")).toBe((first + rest).replace(/^'/, ""));
      }),
      { numRuns: 500 },
    );
  });
});
