import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, daysBetween } from "@/lib/circulation/library-day";
import { deletionDay, judgeOpening, noticeDays, type Opening } from "./unopened-vault";

const opened = (month: string, noticeFrom: string | null = null): Opening => ({ month, noticeFrom });

test("a vault of which nothing is known begins its time now", () => {
  expect(judgeOpening(null, 24, "2026-11-23")).toEqual({ act: "note", opening: opened("2026-11") });
});

test("it is left for months, warned of 90 days before its day, and deleted on it", () => {
  const judge = (opening: Opening, today: string) => judgeOpening(opening, 24, today);
  expect(deletionDay(opened("2026-11"), 24)).toBe("2028-12-01");
  expect(judge(opened("2026-11"), "2028-09-01")).toEqual({ act: "leave" });
  expect(judge(opened("2026-11"), "2028-09-02")).toEqual({
    act: "note",
    opening: opened("2026-11", "2028-09-02"),
  });
  expect(judge(opened("2026-11", "2028-09-02"), "2028-11-30")).toEqual({ act: "leave" });
  expect(judge(opened("2026-11", "2028-09-02"), "2028-12-01")).toEqual({ act: "delete" });
});

test("when no sweep came for years, or the months were made shorter, the notice still lasts its days", () => {
  const late = judgeOpening(opened("2020-01"), 6, "2026-11-23");
  expect(late).toEqual({ act: "note", opening: opened("2020-01", "2026-11-23") });
  expect(deletionDay(opened("2020-01", "2026-11-23"), 6)).toBe("2027-01-22");
  expect(judgeOpening(opened("2020-01", "2026-11-23"), 6, "2027-01-21")).toEqual({ act: "leave" });
});

test("when the months are made longer, the notice is taken back", () => {
  expect(judgeOpening(opened("2024-01", "2026-01-20"), 36, "2026-02-01")).toEqual({
    act: "note",
    opening: opened("2024-01"),
  });
});

test("whatever the days of the sweeps: nothing is deleted before its months are over and its patron was told for 60 days", () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 36 }), gaps, (months, days) => {
      let opening = opened("2026-11");
      let today = "2026-11-23";
      for (const gap of days) {
        today = addDays(today, gap);
        const judgement = judgeOpening(opening, months, today);
        if (judgement.act === "note") opening = judgement.opening;
        if (judgement.act !== "delete") continue;
        expect(today >= deletionDay(opened("2026-11"), months)).toBe(true);
        expect(daysBetween(opening.noticeFrom ?? today, today)).toBeGreaterThanOrEqual(noticeDays);
        return;
      }
    }),
  );
});
