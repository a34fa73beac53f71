/** Counts what passed and failed in the test runners' own reports. */
import { readFile } from "node:fs/promises";
import { z } from "zod";

export interface Tally {
  passed: number;
  failed: number;
}

const vitestSchema = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });
const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
});

/** A run with no test in it, without a report, or that ended badly with nothing to blame, counts as one failure. */
export function tallyOf(read: Tally | undefined, exitCode: number): Tally {
  if (!read) return { passed: 0, failed: 1 };
  const ran = read.passed + read.failed;
  if (ran === 0 || (exitCode !== 0 && read.failed === 0))
    return { passed: read.passed, failed: read.failed + 1 };
  return read;
}

export async function readVitestReport(path: string): Promise<Tally | undefined> {
  const report = vitestSchema.safeParse(await readJson(path));
  if (!report.success) return undefined;
  return { passed: report.data.numPassedTests, failed: report.data.numFailedTests };
}

export async function readPlaywrightReport(path: string): Promise<Tally | undefined> {
  const report = playwrightSchema.safeParse(await readJson(path));
  if (!report.success) return undefined;
  const { expected, unexpected, flaky } = report.data.stats;
  return { passed: expected, failed: unexpected + flaky };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}
