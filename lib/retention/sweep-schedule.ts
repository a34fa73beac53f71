/** Sweeps from inside a server process: a minute after its start, then every hour. */
import type { Log } from "@/lib/log";
import type { SweepOutcome } from "./sweep";

const firstAfterMs = 60_000;
const everyMs = 3_600_000;

export interface ScheduleMeans {
  sweep: () => Promise<SweepOutcome>;
  log: Log;
}

/** Never throws, never holds the process back from ending. Returns the way to stop it. */
export function scheduleSweeps({ sweep, log }: ScheduleMeans): () => void {
  let timer = setTimeout(run, firstAfterMs).unref();
  let stopped = false;

  function run() {
    sweepAndTell({ sweep, log }).finally(() => {
      if (!stopped) timer = setTimeout(run, everyMs).unref();
    });
  }

  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** One sweep, told to the log in counts. */
export async function sweepAndTell({ sweep, log }: ScheduleMeans): Promise<void> {
  try {
    tell(log, await sweep());
  } catch (fault) {
    log.error("sweep-failed", fault);
  }
}

function tell(log: Log, outcome: SweepOutcome): void {
  if (!outcome.ok) return;
  const { lastBorrowers, marks, allowances, unopened, rotation, compaction } = outcome;
  const count = (step: string, erased: number) => {
    if (erased > 0) log.info("swept", { step, count: erased });
  };
  count("last-borrowers", lastBorrowers);
  count("marks", marks);
  count("allowances", allowances);
  count("unopened-vaults-warned", unopened?.warned ?? 0);
  count("unopened-vaults-deleted", unopened?.deleted ?? 0);
  if (rotation?.ok) {
    count("master-rewrapped", rotation.rewrapped);
    count("masters-destroyed", rotation.destroyed);
    if (rotation.kept.length > 0) log.warn("sweep-failed", { step: "master", code: "masters-kept" });
    if (rotation.refused > 0) log.warn("sweep-failed", { step: "master", count: rotation.refused });
    if (rotation.unreadableVaults > 0)
      log.warn("sweep-failed", { step: "unreadable-vaults", count: rotation.unreadableVaults });
  } else if (rotation) {
    log.warn("sweep-failed", { step: "master", code: rotation.why });
  }
  const outcomes = Object.values(compaction);
  count("tables-compacted", outcomes.filter((one) => one === "done").length);
  const skipped = outcomes.filter((one) => one !== "done");
  if (skipped.length > 0) log.warn("sweep-failed", { step: "compaction", count: skipped.length });
}
