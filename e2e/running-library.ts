/** Starts Commonplace for a test exactly as `npm start` does, on a folder and a port of its own. */
import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { environmentNames } from "../lib/env";
import { freePortFrom } from "../scripts/port-check";
import { childrenOf, processCommand } from "../scripts/process-identity";

const root = fileURLToPath(new URL("..", import.meta.url));
const startPatienceMs = 240_000;

export interface RunningLibrary {
  url: string;
  port: number;
  dataDir: string;
  /** Where PostgreSQL keeps its files: inside `dataDir`, unless root's PostgreSQL could not enter it. */
  postgresHome: string;
  databaseUrl: string;
  loansToken: string;
  /** The process of `scripts/run.mjs start`. */
  pid: number;
  /** Holds everything that the process and its web server print. */
  logFile: string;
  /** What they have printed so far. */
  output(): string;
  /** The processes of the web server and of PostgreSQL's postmaster. */
  parts(): Promise<{ web: number; postgres: number }>;
  /** SIGTERM, or another signal; resolves with the exit code when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** kill -9 of the start, the web server and PostgreSQL, at one blow. */
  killEverything(): Promise<void>;
}

export interface StartOptions {
  env?: Record<string, string>;
  /** A folder of an earlier start; otherwise a new one. */
  dataDir?: string;
  port?: number;
}

export async function startLibrary({ env = {}, dataDir, port }: StartOptions = {}): Promise<RunningLibrary> {
  const folder = dataDir ?? (await newDataDir());
  const chosenPort = port ?? (await freePortFrom(20_000 + Math.floor(Math.random() * 20_000)));
  const child = runStart(folder, { ...env, PORT: String(chosenPort) });
  const patience = new AbortController();
  const answer = await Promise.race([
    child.ended.then((code) => `ended with ${code}`),
    child.saw("  stop "),
    sleep(startPatienceMs, "took too long", { signal: patience.signal }).catch(() => ""),
  ]);
  patience.abort();
  if (answer !== "seen") {
    child.process.kill("SIGKILL");
    throw new Error(`Commonplace did not start: it ${answer}.\n${child.output()}`);
  }
  const postgresHome = /^ {2}data {6}(.+)$/m.exec(child.output())?.[1] ?? "";
  const secrets = JSON.parse(await readFile(join(folder, "secrets.json"), "utf8"));
  const parts = async () => {
    const [pid = ""] = (await readFile(join(postgresHome, "data", "postmaster.pid"), "utf8")).split("\n");
    const web = childrenOf(child.pid).find((one) => processCommand(one)?.includes("web-server.mjs"));
    return { web: web ?? 0, postgres: Number(pid) };
  };
  return {
    url: `http://localhost:${chosenPort}`,
    port: chosenPort,
    dataDir: folder,
    postgresHome,
    databaseUrl: await embeddedUrl(postgresHome),
    loansToken: String(secrets.LOANS_TOKEN),
    pid: child.pid,
    logFile: `${folder}.log`,
    output: child.output,
    parts,
    stop: async (signal = "SIGTERM") => {
      child.process.kill(signal);
      return child.ended;
    },
    killEverything: async () => {
      const { web, postgres } = await parts();
      for (const pid of [child.pid, web, postgres]) if (pid > 1) process.kill(pid, "SIGKILL");
      await child.ended;
    },
  };
}

/** Runs `npm start`'s own command without waiting for it; for starts that are expected to refuse. */
export function runStart(dataDir: string, env: Record<string, string>) {
  const logFile = `${dataDir}.log`;
  const log = openSync(logFile, "a", 0o600);
  const from = fstatSync(log).size;
  const child = spawn(process.execPath, ["scripts/run.mjs", "start"], {
    cwd: root,
    env: { ...quietEnvironment(), ...env, DATA_DIR: dataDir },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const output = () => readFileSync(logFile).subarray(from).toString();
  let isOver = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", (code) => {
      isOver = true;
      resolve(code);
    });
  });
  const saw = async (words: string) => {
    while (!output().includes(words) && !isOver) await sleep(50);
    return "seen" as const;
  };
  return { process: child, pid: child.pid ?? 0, ended, saw, output };
}

/** Ours, with every variable of Commonplace's own empty: neither the shell's nor a `.env` file's may count. */
function quietEnvironment(): NodeJS.ProcessEnv {
  const ours = Object.fromEntries(environmentNames.map((name) => [name, ""]));
  return { ...process.env, ...ours, npm_lifecycle_event: undefined };
}

/** A new folder that also root's unprivileged PostgreSQL can pass through. */
export async function newDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "commonplace-e2e-"));
  if (process.getuid?.() === 0) await chmod(folder, 0o711);
  return folder;
}

export async function forgetDataDir(folder: string): Promise<void> {
  const pointer = await readFile(join(folder, "postgres-place.json"), "utf8").catch(() => undefined);
  if (pointer) await rm(String(JSON.parse(pointer).postgres), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await rm(`${folder}.log`, { force: true });
}

async function embeddedUrl(postgresHome: string): Promise<string> {
  const lines = (await readFile(join(postgresHome, "data", "postmaster.pid"), "utf8")).split("\n");
  return `postgresql://commonplace@/commonplace?host=${encodeURIComponent(lines[4] ?? "")}`;
}
