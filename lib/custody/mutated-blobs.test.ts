import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fuzz, type Target } from "@/lib/vault/fixtures/fuzz/fuzzing";
import { snapshotTarget } from "@/lib/vault/fixtures/fuzz/snapshot-target";
import { vaultTargets } from "@/lib/vault/fixtures/fuzz/vault-targets";
import { custodyTargets } from "./fixtures/fuzz-targets";

/** A share of `npm run bench -- fuzz`, which tries 100,000 of each run's own seed. */
const attempts = 5_000;
const seed = 20_261_124;

let folder = "";
let targets: Target[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "commonplace-fuzz-"));
  targets = [...(await vaultTargets()), ...custodyTargets(folder), await snapshotTarget()];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("a mutated blob is refused by a value or by the domain's own error, soon, and in little memory", async () => {
  const before = process.memoryUsage().rss / 2 ** 20;
  const report = await fuzz(targets, attempts, seed);
  expect(report.faults.slice(0, 5)).toEqual([]);
  expect(report.mostMemoryMiB - before).toBeLessThan(512);
  for (const [name, { attempts, refused, thrown }] of report.perTarget)
    expect([name, attempts > 0, refused + thrown > 0]).toEqual([name, true, true]);
}, 120_000);

it("the fuzz notices an opener that throws something else, and one that opens what was changed", async () => {
  const planted: Target[] = [
    { name: "throws", attempt: () => (new DataView(new ArrayBuffer(1)).getUint32(0) ? "same" : "refused") },
    { name: "opens", sealed: true, attempt: () => "opened" },
  ];
  const { faults } = await fuzz(planted, 40, seed);
  expect(faults).toHaveLength(40);
  expect(faults.some((fault) => fault.includes("RangeError"))).toBe(true);
  expect(faults.some((fault) => fault.includes("opened to something else"))).toBe(true);
});
