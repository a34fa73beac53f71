/** Runs the web server as a child process and tells when it is up and when it has ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export interface WebProcess {
  /** Resolves when the process is gone, with what it ended by. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

const patienceMs = 10_000;

/** Starts `args` under node and waits until it says, by a message, that it listens. */
export async function startWeb(
  root: string,
  args: string[],
  environment: NodeJS.ProcessEnv,
  options: { saysWhenReady: boolean },
): Promise<WebProcess> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: environment,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (fault) => resolve(fault.message));
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
  });
  const listening = new Promise<"listening">((resolve) => {
    child.on("message", (message) => message === "listening" && resolve("listening"));
    if (!options.saysWhenReady) resolve("listening");
  });
  const first = await Promise.race([listening, ended]);
  if (first !== "listening") throw new Error(`The web server ended by itself (${first}).`);
  return { ended, stop: () => stopChild(child, ended) };
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = new AbortController();
  const late = sleep(patienceMs, "late", { signal: timer.signal }).catch(() => "");
  if ((await Promise.race([ended, late])) === "late") child.kill("SIGKILL");
  timer.abort();
  await ended;
}
