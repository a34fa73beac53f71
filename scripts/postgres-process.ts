/** Starts, recognises and stops one PostgreSQL server process, with or without us as its parent. */
import { spawn } from "node:child_process";
import { closeSync, fchownSync, openSync } from "node:fs";
import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PostgresPlace } from "./postgres-place";
import { serverEnvironment, serverSettings } from "./postgres-settings";
import { processCommand, processesIn, processStart } from "./process-identity";

export interface RunningPostgres {
  pid: number;
  socketFolder: string;
  ready: boolean;
}

const longestLogBytes = 5_000_000;

/**
 * The server that runs on this data folder, by its `postmaster.pid` and what the system says about that process.
 * A process that is not PostgreSQL on this folder is never taken for it.
 */
export async function findRunning(place: PostgresPlace): Promise<RunningPostgres | undefined> {
  const text = await readFile(join(place.data, "postmaster.pid"), "utf8").catch(() => "");
  const [pidLine = "", folder = "", , , socketFolder = "", , , status = ""] = text.split("\n");
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 1 || folder !== place.data) return undefined;
  const command = processCommand(pid);
  if (!command?.includes("postgres") || !command.includes(`-D ${place.data}`)) return undefined;
  return { pid, socketFolder, ready: status.trim() === "ready" };
}

/**
 * Starts the server in a process group of its own, so that a terminal's Ctrl-C reaches us first and we end it in
 * order, and with its output in a file, so that it outlives us if we are killed.
 */
export async function launch(
  native: string,
  place: PostgresPlace,
  socketFolder: string,
  settings: Record<string, string>,
): Promise<number> {
  await clearStaleLocks(place, socketFolder);
  const log = await openLog(place);
  const options = Object.entries({ ...serverSettings(socketFolder), ...settings });
  const args = ["-D", place.data, ...options.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const child = spawn(join(native, "bin", "postgres"), args, {
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
    env: serverEnvironment,
    ...place.runAs,
  });
  closeSync(log);
  child.unref();
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  if (child.pid === undefined) throw new Error("PostgreSQL did not start.");
  return child.pid;
}

/** Waits until the server takes connections; longer when it replays its log after a crash. */
export async function untilReady(
  place: PostgresPlace,
  pid: number,
  onWait: () => void,
): Promise<RunningPostgres> {
  const started = Date.now();
  let told = false;
  while (processStart(pid) !== undefined) {
    const running = await findRunning(place);
    if (running?.pid === pid && running.ready) return running;
    if (!told && Date.now() - started > 3_000) {
      told = true;
      onWait();
    }
    await sleep(30);
  }
  const log = await readFile(place.log, "utf8").catch(() => "");
  const tail = log.trimEnd().split("\n").slice(-6).join("\n");
  throw new Error(`PostgreSQL did not start. The end of ${place.log}:\n${tail}`);
}

/** Fast shutdown: connections are closed, everything is on disk. Escalates only if that takes a minute. */
export async function stopServer(pid: number, place: PostgresPlace): Promise<void> {
  const isOurs = async () => (await findRunning(place))?.pid === pid;
  for (const [signal, patienceMs] of [
    ["SIGINT", 60_000],
    ["SIGQUIT", 20_000],
  ] as const) {
    if (!(await isOurs())) break;
    process.kill(pid, signal);
    const until = Date.now() + patienceMs;
    while (processStart(pid) !== undefined && Date.now() < until) await sleep(20);
    if (processStart(pid) === undefined) return;
  }
  if (await isOurs()) throw new Error(`PostgreSQL (process ${pid}) does not stop. See ${place.log}.`);
}

/**
 * A killed PostgreSQL leaves lock files with its process number. A new one refuses to start while that number is
 * anyone's of the same user, be it a stranger or the dead one's own zombie that nobody has collected. The files go
 * only when no PostgreSQL runs on this folder and none of a dead one's workers is still there.
 */
async function clearStaleLocks(place: PostgresPlace, socketFolder: string): Promise<void> {
  if (await findRunning(place)) throw new Error(`PostgreSQL already runs on ${place.data}.`);
  const until = Date.now() + 15_000;
  let left = processesIn(place.data);
  while (left && left.length > 0) {
    if (Date.now() > until) {
      throw new Error(
        `Processes of an earlier PostgreSQL do not end: ${left.join(", ")}. Stop them and start again.`,
      );
    }
    await sleep(100);
    left = processesIn(place.data);
  }
  if (!left) return;
  await rm(join(place.data, "postmaster.pid"), { force: true });
  for (const name of await readdir(socketFolder)) await rm(join(socketFolder, name), { force: true });
}

async function openLog(place: PostgresPlace): Promise<number> {
  const size = await stat(place.log).then(
    (found) => found.size,
    () => 0,
  );
  if (size > longestLogBytes) await rename(place.log, `${place.log}.1`);
  const log = openSync(place.log, "a", 0o600);
  if (place.runAs) fchownSync(log, place.runAs.uid, place.runAs.gid);
  return log;
}
