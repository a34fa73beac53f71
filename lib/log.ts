/** The server's log: closed event names, numbers and codes. It has no field that could hold a PIN, a card, a query or a title. */
import { pino } from "pino";
import { env } from "./env";

/**
 * [Note: why titles never reach the log] A log outlives the request, is copied to other machines and is the first
 * thing handed over. So nothing here takes free text: messages of errors are dropped as well, because drivers put
 * the values of a failed query into them. What is left (class, code, stack frames) is enough to find the fault.
 */
export type LogFields = Partial<{
  route: string;
  method: string;
  status: number;
  millis: number;
  count: number;
  code: string;
  step: string;
}>;

export type LogEvent =
  | "request-failed"
  | "intake-failed"
  | "library-system-away"
  | "library-system-odd"
  | "swept"
  | "sweep-failed"
  | "vault-damaged"
  | "unexpected";

export interface Log {
  info(event: LogEvent, fields?: LogFields): void;
  warn(event: LogEvent, fields?: LogFields): void;
  error(event: LogEvent, fault: unknown, fields?: LogFields): void;
}

export interface Destination {
  write(line: string): void;
}

export function makeLog(level: string, destination?: Destination): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const logger = destination ? pino(options, destination) : pino(options);
  return {
    info: (event, fields) => logger.info({ ...fields, event }),
    warn: (event, fields) => logger.warn({ ...fields, event }),
    error: (event, fault, fields) => logger.error({ ...fields, event, fault: describeFault(fault) }),
  };
}

let shared: Log | undefined;

export function log(): Log {
  shared ??= makeLog(env().LOG_LEVEL);
  return shared;
}

interface FaultDescription {
  name: string;
  code?: string;
  frames: string[];
  cause?: FaultDescription;
}

/** An error without its message: class, code, stack frames, and the same of its causes. */
export function describeFault(fault: unknown, depth = 0): FaultDescription {
  if (!(fault instanceof Error)) return { name: typeof fault, frames: [] };
  const code = "code" in fault && typeof fault.code === "string" ? fault.code : undefined;
  const frames = (
    fault.message ? (fault.stack ?? "").split(fault.message).slice(1).join("") : (fault.stack ?? "")
  )
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at ") && /:\d+:\d+\)?$/.test(line))
    .slice(0, 8);
  return {
    name: fault.name,
    ...(code && /^[\w.-]{1,40}$/.test(code) ? { code } : {}),
    frames,
    ...(fault.cause && depth < 3 ? { cause: describeFault(fault.cause, depth + 1) } : {}),
  };
}

/**
 * Sends what frameworks print on the console's error and warning channels through this log, without their texts.
 * Next prints uncaught errors of pages with message and cause.
 */
export function quietConsole(target: Console, to: Log): void {
  const forward = (...printed: unknown[]) => {
    const fault = printed.find((part) => part instanceof Error);
    to.error("unexpected", fault ?? printed[0]);
  };
  target.error = forward;
  target.warn = forward;
}
