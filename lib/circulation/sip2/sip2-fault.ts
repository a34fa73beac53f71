/** What can go wrong between here and a SIP2 server, as closed codes. A fault carries no byte that was sent or received. */
import type { Unavailable } from "../port";

export type Sip2FaultCode =
  /** No connection, or an end of it in the middle. */
  | "refused"
  | "closed"
  /** A step took longer than it may. */
  | "timed-out"
  /** Every connection is in use, or the server failed so often that it is left in peace for a while. */
  | "busy"
  | "resting"
  | "shut"
  /** The certificate is not one that was to be trusted. */
  | "not-trusted"
  | "login-refused"
  /** Patrons are told as valid, and their PINs are not judged at all. */
  | "pins-not-judged"
  /** An answer that is none, that is another question's, or that never ends. */
  | "garbled"
  | "out-of-step"
  | "too-long"
  /** The server said 96 to the same message several times. */
  | "not-understood";

export type Sip2Step = "connect" | "tls" | "login" | "answer" | "wait";

export class Sip2Fault extends Error {
  constructor(
    readonly code: Sip2FaultCode,
    readonly step: Sip2Step,
  ) {
    super(`${step}: ${code}`);
    this.name = "Sip2Fault";
  }
}

const misconfigured: readonly Sip2FaultCode[] = ["not-trusted", "login-refused", "pins-not-judged"];
const protocol: readonly Sip2FaultCode[] = ["garbled", "out-of-step", "too-long", "not-understood"];

export function unavailable({ code }: Sip2Fault): Unavailable {
  if (misconfigured.includes(code)) return { ok: false, why: "misconfigured" };
  return { ok: false, why: protocol.includes(code) ? "protocol" : "unreachable" };
}
