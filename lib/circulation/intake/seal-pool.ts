/** Worker threads that seal, so that a hybrid seal's milliseconds never hold up a page. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { SealedBatch, SealJob, SealReply, SealThreadData } from "./seal.worker";

export interface SealPool {
  readonly threads: number;
  /** @throws SealFault when the thread failed or died; nothing of the job is kept. */
  seal(job: SealJob): Promise<SealedBatch>;
  close(): Promise<void>;
}

export class SealFault extends Error {
  constructor(readonly code: "seal-failed" | "thread-died") {
    super(code);
    this.name = "SealFault";
  }
}

interface Thread {
  worker: Worker;
  waiting: Map<number, { resolve(batch: SealedBatch): void; reject(fault: SealFault): void }>;
}

interface SealPoolOptions {
  intakeSecretKey: Uint8Array;
  threads?: number;
  startThread?: (data: SealThreadData) => Worker;
}

export function makeSealPool({
  intakeSecretKey,
  threads = Math.max(1, availableParallelism() - 1),
  startThread = startBundledThread,
}: SealPoolOptions): SealPool {
  const pool: Thread[] = [];
  let nextJob = 0;
  let closed = false;

  function addThread(): Thread {
    const thread: Thread = { worker: startThread({ intakeSecretKey }), waiting: new Map() };
    thread.worker.on("message", (reply: SealReply) => {
      const waiting = thread.waiting.get(reply.jobId);
      thread.waiting.delete(reply.jobId);
      if ("batch" in reply) waiting?.resolve(reply.batch);
      else waiting?.reject(new SealFault("seal-failed"));
    });
    const die = () => {
      const index = pool.indexOf(thread);
      if (index >= 0) pool.splice(index, 1);
      for (const waiting of thread.waiting.values()) waiting.reject(new SealFault("thread-died"));
      thread.waiting.clear();
    };
    thread.worker.on("error", die);
    thread.worker.on("exit", die);
    thread.worker.unref();
    pool.push(thread);
    return thread;
  }

  function leastBusy(): Thread {
    const idlest = pool.toSorted((a, b) => a.waiting.size - b.waiting.size)[0];
    return idlest && (idlest.waiting.size === 0 || pool.length >= threads) ? idlest : addThread();
  }

  return {
    threads,
    seal(job) {
      if (closed) return Promise.reject(new SealFault("thread-died"));
      const thread = leastBusy();
      const jobId = nextJob++;
      return new Promise((resolve, reject) => {
        thread.waiting.set(jobId, { resolve, reject });
        thread.worker.postMessage({ jobId, job });
      });
    },
    async close() {
      closed = true;
      await Promise.all(pool.map(({ worker }) => worker.terminate()));
    },
  };
}

function startBundledThread(data: SealThreadData): Worker {
  return new Worker(new URL("./seal.worker.ts", import.meta.url), { workerData: data });
}
