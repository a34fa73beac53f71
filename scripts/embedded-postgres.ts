/** The bundled PostgreSQL of one DATA_DIR: up while anyone needs it, reached by a unix socket only. */
import { spawn } from "node:child_process";
import { access, mkdir, realpath, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { answersConnections, createApplicationDatabase } from "@/db/embedded-database";
import { type Claim, claimInTurn, joinClaim, livingClaims } from "./claim";
import { findBinaries } from "./postgres-binaries";
import { choosePlace, chooseSocketFolder, type PostgresPlace } from "./postgres-place";
import { findRunning, launch, type RunningPostgres, stopServer, untilReady } from "./postgres-process";
import { initdbOptions, serverEnvironment } from "./postgres-settings";
import { processStart } from "./process-identity";

const patienceMs = 60_000;

export interface EmbeddedPostgres {
  /** The application's own database. */
  url: string;
  superuserUrl: string;
  pid: number;
  /** The folder with the data and the log. */
  where: string;
  /** Leaves; the last to leave stops the server. */
  stop(): Promise<void>;
}

export interface EnsureOptions {
  dataDir: string;
  onStep?: (sentence: string) => void;
  /** Beside or instead of the usual settings; tests turn fsync off. */
  settings?: Record<string, string>;
}

/**
 * Brings PostgreSQL up on `dataDir`, or joins the one that other living processes of ours already use. One left
 * over from a killed parent is stopped in order and started afresh.
 */
export async function ensurePostgres({
  dataDir,
  onStep,
  settings = {},
}: EnsureOptions): Promise<EmbeddedPostgres> {
  const folder = await makeDataDir(dataDir);
  const claims = join(folder, "claims");
  const turn = await claimInTurn(join(claims, "postgres-change"));
  try {
    const place = await choosePlace(folder, onStep);
    const users = join(claims, "postgres-users");
    const isUsed = (await livingClaims(users)).length > 0;
    const found = await findRunning(place);
    if (found && !isUsed) {
      onStep?.("stopping a PostgreSQL left over from before");
      await stopServer(found.pid, place);
    }
    const joined = found && isUsed && (await untilAnswering(found));
    const running = joined ? found : await start(place, settings, onStep);
    if (!joined && !(await untilAnswering(running))) {
      throw new Error(`PostgreSQL ended as soon as it had started. See ${place.log}.`);
    }
    const superuserUrl = superuserUrlOf(running);
    await createApplicationDatabase(superuserUrl);
    const use = await joinClaim(users);
    return {
      url: socketUrl(running.socketFolder, "commonplace", "commonplace"),
      superuserUrl,
      pid: running.pid,
      where: place.home,
      stop: () => leave(claims, use, place),
    };
  } finally {
    await turn.release();
  }
}

const superuserUrlOf = ({ socketFolder }: RunningPostgres) => socketUrl(socketFolder, "postgres", "postgres");

/**
 * True once it takes connections; false when it is gone: one that was killed may still be seen for a moment.
 * One that recovers from a crash of a part of it refuses for as long as that takes.
 */
async function untilAnswering(running: RunningPostgres): Promise<boolean> {
  const until = Date.now() + patienceMs;
  while (processStart(running.pid) !== undefined) {
    if (await answersConnections(superuserUrlOf(running))) return true;
    if (Date.now() > until) throw new Error(`PostgreSQL runs (process ${running.pid}) but does not answer.`);
    await sleep(50);
  }
  return false;
}

/** Stops a PostgreSQL on this DATA_DIR that no living process of ours uses. */
export async function stopAbandoned(dataDir: string): Promise<void> {
  const claims = join(dataDir, "claims");
  const turn = await claimInTurn(join(claims, "postgres-change"));
  try {
    await stopIfUnused(claims, await choosePlace(dataDir));
  } finally {
    await turn.release();
  }
}

/** The DATA_DIR itself, made if missing: closed to others, except that root's unprivileged PostgreSQL may pass. */
export async function makeDataDir(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  return realpath(dataDir);
}

async function start(
  place: PostgresPlace,
  settings: Record<string, string>,
  onStep: EnsureOptions["onStep"],
): Promise<RunningPostgres> {
  const native = await findBinaries(place.home, place.runAs);
  await initialise(native, place, onStep);
  const socketFolder = await chooseSocketFolder(place);
  const pid = await launch(native, place, socketFolder, settings);
  return untilReady(place, pid, () =>
    onStep?.("PostgreSQL is replaying its log after an unclean stop; this may take a while"),
  );
}

/** Makes the data folder under another name first: one that was cut short is never taken for a whole one. */
async function initialise(
  native: string,
  place: PostgresPlace,
  onStep: EnsureOptions["onStep"],
): Promise<void> {
  const part = `${place.data}.part`;
  await rm(part, { recursive: true, force: true });
  if (await hasData(place)) return;
  onStep?.(`making a new database in ${place.home}`);
  const child = spawn(join(native, "bin", "initdb"), ["-D", part, ...initdbOptions], {
    cwd: "/",
    env: serverEnvironment,
    ...place.runAs,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += String(text)));
  const code = await new Promise((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  if (code !== 0)
    throw new Error(`PostgreSQL could not make its data folder in ${place.home}.\n${said.trim()}`);
  await rename(part, place.data);
}

async function hasData(place: PostgresPlace): Promise<boolean> {
  return access(join(place.data, "PG_VERSION")).then(
    () => true,
    () => false,
  );
}

async function leave(claims: string, use: Claim, place: PostgresPlace): Promise<void> {
  const turn = await claimInTurn(join(claims, "postgres-change"));
  try {
    await use.release();
    await stopIfUnused(claims, place);
  } finally {
    await turn.release();
  }
}

async function stopIfUnused(claims: string, place: PostgresPlace): Promise<void> {
  if ((await livingClaims(join(claims, "postgres-users"))).length > 0) return;
  const running = await findRunning(place);
  if (!running) return;
  await stopServer(running.pid, place);
  if (dirname(running.socketFolder) === (await realpath(tmpdir()))) {
    await rm(running.socketFolder, { recursive: true, force: true });
  }
}

function socketUrl(socketFolder: string, user: string, database: string): string {
  return `postgresql://${user}@/${database}?host=${encodeURIComponent(socketFolder)}`;
}
