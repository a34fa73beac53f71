/** The sealing thread: seals the loan events of one patron in order, each chained to the one before. It holds nothing that opens. */
import { parentPort, workerData } from "node:worker_threads";
import { chainHash } from "../../vault/inbox-chain";
import type { LoanEntry } from "../../vault/loan-entry";
import { sealEntry } from "../../vault/seal-entry";
import { signingKeyFrom } from "../../vault/signature";

export interface SealJob {
  recipient: string;
  /** Chain hash of the entry sealed before these. */
  tail: Uint8Array;
  entries: Omit<LoanEntry, "previous">[];
}

export interface SealedBatch {
  sealed: Uint8Array[];
  tail: Uint8Array;
}

export type SealReply = { jobId: number; batch: SealedBatch } | { jobId: number; failed: true };

/** An object, because the bundler adds fields of its own to it. */
export interface SealThreadData {
  intakeSecretKey: Uint8Array;
}

const { intakeSecretKey }: SealThreadData = workerData;
const intakeKey = signingKeyFrom(intakeSecretKey);

async function sealBatch(job: SealJob): Promise<SealedBatch> {
  const sealed: Uint8Array[] = [];
  let tail = job.tail;
  for (const entry of job.entries) {
    const one = await sealEntry({ ...entry, previous: tail }, job.recipient, intakeKey);
    sealed.push(one);
    tail = chainHash(one);
  }
  return { sealed, tail };
}

parentPort?.on("message", ({ jobId, job }: { jobId: number; job: SealJob }) => {
  // A failure travels without its message, which could hold what was to be sealed.
  sealBatch(job).then(
    (batch) => parentPort?.postMessage({ jobId, batch } satisfies SealReply),
    () => parentPort?.postMessage({ jobId, failed: true } satisfies SealReply),
  );
});
