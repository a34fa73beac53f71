import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPlaywrightReport, readVitestReport, tallyOf } from "./test-tally";

test("a run without a report, without a test, or that ended badly without a culprit is a failure", () => {
  expect(tallyOf(undefined, 0)).toEqual({ passed: 0, failed: 1 });
  expect(tallyOf({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  expect(tallyOf({ passed: 7, failed: 0 }, 1)).toEqual({ passed: 7, failed: 1 });
  expect(tallyOf({ passed: 7, failed: 2 }, 1)).toEqual({ passed: 7, failed: 2 });
  expect(tallyOf({ passed: 7, failed: 0 }, 0)).toEqual({ passed: 7, failed: 0 });
});

test("reports are read, and a broken one is not taken for a good one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "commonplace-tally-"));
  const path = join(folder, "report.json");
  await writeFile(path, JSON.stringify({ numPassedTests: 3, numFailedTests: 1, numTotalTests: 4 }));
  expect(await readVitestReport(path)).toEqual({ passed: 3, failed: 1 });
  expect(await readPlaywrightReport(path)).toBeUndefined();
  await writeFile(path, JSON.stringify({ stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 } }));
  expect(await readPlaywrightReport(path)).toEqual({ passed: 5, failed: 2 });
  expect(await readVitestReport(join(folder, "none.json"))).toBeUndefined();
  await rm(folder, { recursive: true });
});
