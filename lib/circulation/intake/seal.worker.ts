/** The sealing thread: seals the loan events of one patron in order, each chained to the one before. It holds nothing that opens. */
import { parentPort, workerData } from "node:worker_threads";
import { chainHash } from "../../vault/inbox-chain";
import { type SealableEntry, sealEntry } from "../../vault/seal-entry";

/** `tail` is the chain hash of the last sealed entry before these. */
export interface SealJob {
  recipient: string;
  tail: Uint8Array;
  entries: SealableEntry[];
}

export interface SealedBatch {
  sealed: Uint8Array[];
  tail: Uint8Array;
}

export type SealReply = { jobId: number; batch: SealedBatch } | { jobId: number; failure: string };

const intakeSecretKey: Uint8Array = workerData;

async function sealBatch(job: SealJob): Promise<SealedBatch> {
  const sealed: Uint8Array[] = [];
  let tail = job.tail;
  for (const entry of job.entries) {
    const one = await sealEntry({ ...entry, previous: tail }, job.recipient, intakeSecretKey);
    sealed.push(one);
    tail = chainHash(one);
  }
  return { sealed, tail };
}

parentPort?.on("message", async ({ jobId, job }: { jobId: number; job: SealJob }) => {
  let reply: SealReply;
  try {
    reply = { jobId, batch: await sealBatch(job) };
  } catch (fault) {
    // The class only: a message could hold what was to be sealed.
    reply = { jobId, failure: fault instanceof Error ? fault.constructor.name : "unknown" };
  }
  parentPort?.postMessage(reply);
});
