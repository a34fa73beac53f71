/** Starts the sealing thread from its TypeScript source, where no bundler has been: in tests and measures. */
import { Worker } from "node:worker_threads";
import type { SealThreadData } from "./seal.worker";
import { makeSealPool, type SealPool } from "./seal-pool";

function startSourceThread(workerData: SealThreadData): Worker {
  const source = new URL("./seal.worker.ts", import.meta.url).href;
  // Node 20 gives a thread's first file to no loader, so that file is one line which registers tsx and goes on.
  const first = `import("tsx/esm/api").then((tsx) => tsx.tsImport("${source}", "${import.meta.url}"))`;
  return new Worker(first, { eval: true, workerData });
}

export function sealPoolFromSource(intakeSecretKey: Uint8Array, threads = 1): SealPool {
  return makeSealPool({ intakeSecretKey, threads, startThread: startSourceThread });
}
