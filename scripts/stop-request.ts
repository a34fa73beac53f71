/** One promise for every way a command is asked to stop: Ctrl-C, SIGTERM, or the end of the npm that ran it. */

export type StopReason = "SIGINT" | "SIGTERM" | "orphaned";

/** npm passes on the Ctrl-C that the terminal has already sent us; only a later one means "at once". */
const echoMs = 700;

/** Resolves at the first request. A second one, after it, calls `force`. */
export function stopRequest(force: () => void): Promise<StopReason> {
  let firstAt: number | undefined;
  return new Promise((resolve) => {
    const ask = (reason: StopReason) => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        resolve(reason);
      } else if (Date.now() - firstAt > echoMs) force();
    };
    process.on("SIGINT", () => ask("SIGINT"));
    process.on("SIGTERM", () => ask("SIGTERM"));
    process.on("SIGHUP", () => ask("SIGTERM"));
    if (process.env.npm_lifecycle_event) watchParent(() => ask("orphaned"));
  });
}

/** A SIGTERM to npm can end the shell between it and us, which passes nothing on: then our parent changes. */
function watchParent(onChange: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onChange();
  }, 500);
  timer.unref();
}
