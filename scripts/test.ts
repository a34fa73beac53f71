/** `npm test`: everything that must hold, on a fresh machine. The last line is `N passed, N failed`. */
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { environmentNames } from "@/lib/env";
import { buildApplication, nextProgram } from "./application-build";
import { findBundleFaults } from "./check-bundles";
import { obtainChromium } from "./chromium";
import { canInstallPackages, installPackage } from "./debian-package";
import { findBuildDifferences } from "./second-build";
import { seconds } from "./steps.mjs";
import { readPlaywrightReport, readVitestReport, type Tally, tallyOf } from "./test-tally";
import { findCrossings } from "./walls";

const root = process.cwd();
const scratch = await mkdtemp(join(tmpdir(), "commonplace-test-run-"));
const total: Tally = { passed: 0, failed: 0 };

// The tests are of this checkout alone: no variable of a library that runs here may reach them.
for (const name of environmentNames) delete process.env[name];
process.env.NEXT_TELEMETRY_DISABLED = "1";
if (!isWritable(homedir())) process.env.HOME = scratch;

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

try {
  await stage("format and lint", () => runCheck(["node_modules/@biomejs/biome/bin/biome", "check", "."]));
  await stage("types", async () => {
    await runCheck([nextProgram(), "typegen"]);
    return runCheck(["node_modules/typescript/bin/tsc", "--noEmit"]);
  });
  await stage("walls", async () => tellFaults(await findCrossings(root)));
  await stage("unit and integration tests", async () => {
    await obtainAge();
    const report = join(scratch, "vitest.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const code = await run(["node_modules/vitest/vitest.mjs", "run", ...reporters]);
    return tallyOf(await readVitestReport(report), code);
  });
  const built = await stage("build", async () => {
    await buildApplication(root);
    return tellFaults([]);
  });
  if (built) await stage("bundles", async () => tellFaults(await findBundleFaults(root)));
  if (built)
    await stage("the same build elsewhere", async () => tellFaults(await findBuildDifferences(root)));
  if (built) await stage("browser tests", browserTests);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function browserTests(): Promise<Tally> {
  process.env.CHROMIUM = await obtainChromium((sentence) => console.log(`  ${sentence}`));
  const report = join(scratch, "playwright.json");
  process.env.PLAYWRIGHT_JSON_OUTPUT_FILE = report;
  const code = await run(["node_modules/@playwright/test/cli.js", "test", "--reporter=list,json"]);
  return tallyOf(await readPlaywrightReport(report), code);
}

/** The age program reads sealed copies as a patron would. Where there is none, the tests read them with the age package alone. */
async function obtainAge(): Promise<void> {
  const isHere = () => spawnSync("age", ["--version"]).status === 0;
  if (!isHere() && canInstallPackages()) await installPackage("age");
  console.log(
    `  sealed copies are opened by ${isHere() ? "age" : "the age package: there is no age program here"}`,
  );
}

/** Runs one stage under a headline, adds to the total, and tells whether all of it passed. */
async function stage(title: string, work: () => Promise<Tally>): Promise<boolean> {
  const started = Date.now();
  console.log(`\n── ${title}`);
  let tally: Tally;
  try {
    tally = await work();
  } catch (cause) {
    console.error(cause instanceof Error ? cause.message : cause);
    tally = { passed: 0, failed: 1 };
  }
  total.passed += tally.passed;
  total.failed += tally.failed;
  const sign = tally.failed === 0 ? "✓" : "✗";
  console.log(
    `${sign} ${title}: ${tally.passed} passed, ${tally.failed} failed (${seconds(Date.now() - started)})`,
  );
  return tally.failed === 0;
}

function tellFaults(faults: string[]): Tally {
  for (const fault of faults) console.error(`  ${fault}`);
  return faults.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: faults.length };
}

/** A tool that says yes or no by its exit code. */
async function runCheck(args: string[]): Promise<Tally> {
  const code = await run(args);
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}.`);
  return { passed: 1, failed: 0 };
}

function run(args: string[]): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
