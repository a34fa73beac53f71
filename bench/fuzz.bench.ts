/**
 * 100,000 mutated blobs through every opener, and 20,000 mutated requests to a running library. `FUZZ_SEED` repeats a run,
 * `FUZZ_BLOBS` and `FUZZ_REQUESTS` change the counts.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoCards } from "@/e2e/commonplace-test";
import { signInOverHttp } from "@/e2e/patron-over-http";
import { fuzzRequests } from "@/e2e/request-fuzz";
import { forgetDataDir, startLibrary } from "@/e2e/running-library";
import { custodyTargets } from "@/lib/custody/fixtures/fuzz-targets";
import { fuzz } from "@/lib/vault/fixtures/fuzz/fuzzing";
import { snapshotTarget } from "@/lib/vault/fixtures/fuzz/snapshot-target";
import { vaultTargets } from "@/lib/vault/fixtures/fuzz/vault-targets";

const { FUZZ_SEED = `${Date.now() % 2 ** 31}`, FUZZ_BLOBS = "100000", FUZZ_REQUESTS = "20000" } = process.env;
const seed = Number(FUZZ_SEED);
console.log(`seed ${seed}`);

await fuzzBlobs();
await fuzzLibrary();

function tell(faults: string[]): void {
  console.log(`faults: ${faults.length}`);
  for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

async function fuzzBlobs(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "commonplace-fuzz-"));
  try {
    const targets = [...(await vaultTargets()), ...custodyTargets(folder), await snapshotTarget()];
    const begun = performance.now();
    const report = await fuzz(targets, Number(FUZZ_BLOBS), seed);
    const seconds = (performance.now() - begun) / 1000;
    const { attempts, slowest, slowestMs, mostMemoryMiB, perTarget, faults } = report;
    console.log(
      `${attempts} blobs of ${perTarget.size} kinds in ${seconds.toFixed(0)} s, at most ${mostMemoryMiB} MiB`,
    );
    console.log(`slowest: ${slowest}, ${slowestMs.toFixed(0)} ms`);
    for (const [name, { attempts, refused, thrown }] of perTarget)
      console.log(`  ${name.padEnd(36)} ${attempts} tried, ${refused} refused by value, ${thrown} by error`);
    tell(faults);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fuzzLibrary(): Promise<void> {
  const library = await startLibrary();
  try {
    const [first, second] = demoCards;
    const patrons = {
      owner: await signInOverHttp(library.url, first),
      newcomer: await signInOverHttp(library.url, second),
    };
    const begun = performance.now();
    const report = await fuzzRequests(library, patrons, Number(FUZZ_REQUESTS), seed);
    const seconds = (performance.now() - begun) / 1000;
    const statuses = [...report.byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, times]) => `${status}: ${times}`);
    console.log(
      `${report.requests} requests in ${seconds.toFixed(0)} s, slowest ${report.slowestMs.toFixed(0)} ms`,
    );
    console.log(`  ${statuses.join(", ")}; ${report.signedAndTaken} signed writes taken`);
    for (const [route, times] of report.byRoute) console.log(`  ${route.padEnd(36)} ${times}`);
    tell(report.faults);
  } finally {
    await library.stop("SIGTERM");
    await forgetDataDir(library.dataDir);
  }
}
