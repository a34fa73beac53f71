/** What can go wrong between here and a library system that speaks HTTP, as closed codes. A fault carries no byte that was sent or received. */
import type { Log } from "@/lib/log";
import type { Unavailable } from "./port";

export type HttpFaultCode =
  /** No connection, or an end of it in the middle. */
  | "refused"
  | "closed"
  /** A step took longer than it may. */
  | "timed-out"
  /** Every connection is in use; the server failed so often that it is left in peace; the connector was closed. */
  | "busy"
  | "resting"
  | "shut"
  /** The server says of itself that it cannot answer now: 429, or above 500. */
  | "failing"
  /** It failed on this one question (500), as on a damaged record: it may well answer the next. */
  | "failed"
  /** The certificate is not one that was to be trusted. */
  | "not-trusted"
  /** The server sends elsewhere. A card and PIN go to the address in the settings and to no other. */
  | "redirected"
  /** It refuses the connector itself, or knows no such address. */
  | "not-allowed"
  | "not-there"
  /** Sums in other money than the settings say. */
  | "wrong-currency"
  /** An answer that is none, or that never ends. */
  | "garbled"
  | "too-long";

export class HttpFault extends Error {
  constructor(
    readonly code: HttpFaultCode,
    /** What was being asked, in a word of the connector's own. */
    readonly step: string,
  ) {
    super(`${step}: ${code}`);
    this.name = "HttpFault";
  }
}

const misconfigured: readonly HttpFaultCode[] = [
  "not-trusted",
  "redirected",
  "not-allowed",
  "not-there",
  "wrong-currency",
];
const protocol: readonly HttpFaultCode[] = ["garbled", "too-long"];

export function unavailable({ code }: HttpFault): Unavailable {
  if (misconfigured.includes(code)) return { ok: false, why: "misconfigured" };
  return { ok: false, why: protocol.includes(code) ? "protocol" : "unreachable" };
}

/** Whether the fault is the server's absence, of which the circuit breaker counts. */
export function isAway({ code }: HttpFault): boolean {
  return ["refused", "closed", "timed-out", "failing"].includes(code);
}

/** What `work` finds; or, where it meets a fault, the value that the port has for it, told to the log by its code. */
export async function orUnavailable<T>(
  log: Pick<Log, "warn">,
  work: () => Promise<T>,
): Promise<T | Unavailable> {
  try {
    return await work();
  } catch (fault) {
    if (!(fault instanceof HttpFault)) throw fault;
    log.warn("library-system-away", { code: fault.code, step: fault.step });
    return unavailable(fault);
  }
}
