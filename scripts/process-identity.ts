/** Tells one process from another that later got the same number. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** When a process began, in a form that is equal only for the same process; undefined when it is gone. */
export function processStart(pid: number): string | undefined {
  if (process.platform !== "linux") return askPs(pid, "lstart=");
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces and brackets; what follows the last one has fixed places.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    return `${bootId()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** The command line of a process, or undefined when it is gone. */
export function processCommand(pid: number): string | undefined {
  if (process.platform !== "linux") return askPs(pid, "command=");
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return undefined;
  }
}

/** The processes working inside a folder; only where /proc tells, elsewhere undefined. */
export function processesIn(folder: string): number[] | undefined {
  if (process.platform !== "linux") return undefined;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder && processStart(pid) !== undefined;
      } catch {
        return false;
      }
    });
}

/** The processes that this one started and that still live. */
export function childrenOf(parent: number): number[] {
  const answer = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = answer.stdout
    ? answer.stdout
        .trim()
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
    : procPairs();
  return pairs.filter(([, ppid]) => Number(ppid) === parent).map(([pid]) => Number(pid));
}

function procPairs(): string[][] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        return [pid, stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? ""];
      } catch {
        return [];
      }
    });
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

function askPs(pid: number, column: string): string | undefined {
  const answer = spawnSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" });
  return answer.stdout?.trim() || undefined;
}
