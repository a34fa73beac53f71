/** One library system's HTTP address: kept connections with a limit, time-outs at each step, bounded answers, no redirects. */
import { type Agent, type ClientRequest, Agent as HttpAgent, type IncomingMessage, request } from "node:http";
import { Agent as HttpsAgent, request as requestTls } from "node:https";
import type { z } from "zod";
import { CircuitBreaker } from "./circuit-breaker";
import { HttpFault, isAway } from "./http-fault";

export interface HttpQuestion {
  /** What is asked, in a word for the log. */
  step: string;
  method: "GET" | "POST";
  /** Below the base address, without a leading slash. Whatever of it came from outside is escaped by the caller. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** The whole question must be over by this `performance.now()`. */
  deadline?: number;
  longestBytes?: number;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

export interface HttpPatience {
  /** From the question to its connection, TLS included; a wait for a free connection counts. */
  connectMs: number;
  /** From the connection to the last byte. */
  answerMs: number;
  firstRestMs: number;
}

export interface HttpLineOptions {
  base: URL;
  connections: number;
  /** PEM of the authority that signed the server's certificate; without: those that Node knows. */
  ca?: string | null;
  /** The library vouches that this line is encrypted otherwise. */
  isPlainAllowed?: boolean;
  patience?: HttpPatience;
}

const patience: HttpPatience = { connectMs: 4000, answerMs: 6000, firstRestMs: 1000 };
const longestBytes = 2 * 2 ** 20;
/** Servers end a silent connection after five seconds or more. */
const idleMs = 4000;
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a card and PIN may go there: https, or a server on this very machine. */
export function isSafeAddress({ protocol, hostname, username, search, hash }: URL): boolean {
  const isPlain = username === "" && search === "" && hash === "";
  return isPlain && (protocol === "https:" || (protocol === "http:" && loopback.test(hostname)));
}

export class HttpLine {
  private readonly agent: Agent;
  private readonly base: string;
  private readonly breaker: CircuitBreaker;
  private readonly patience: HttpPatience;
  private isShut = false;

  /** @throws TypeError for an address where a PIN would cross the network in clear. */
  constructor({ base, connections, ca, isPlainAllowed, patience: given }: HttpLineOptions) {
    if (!isSafeAddress(base) && !isPlainAllowed)
      throw new TypeError("A library system's address is https, or on this machine.");
    this.base = base.href.replace(/\/*$/, "/");
    this.patience = given ?? patience;
    const limits = {
      keepAlive: true,
      maxSockets: connections,
      maxTotalSockets: connections,
      timeout: idleMs,
    };
    const trust = ca ? { ca } : {};
    this.agent =
      base.protocol === "https:"
        ? new HttpsAgent({ ...limits, ...trust, minVersion: "TLSv1.2" })
        : new HttpAgent(limits);
    this.breaker = new CircuitBreaker(() => performance.now(), this.patience.firstRestMs);
  }

  /**
   * Any answer from 200 to 499 but a redirect and 429. Questions only read, so one is asked again, once, when a kept
   * connection turns out to be closed.
   * @throws HttpFault
   */
  async ask(question: HttpQuestion): Promise<HttpAnswer> {
    const { step } = question;
    if (this.isShut) throw new HttpFault("shut", step);
    if (!this.breaker.mayTry()) throw new HttpFault("resting", step);
    try {
      const answer = await this.askTwice(question);
      if (answer.status === 501) throw new HttpFault("not-there", step);
      if (answer.status === 500) throw new HttpFault("failed", step);
      if (answer.status > 500 || answer.status === 429) throw new HttpFault("failing", step);
      this.breaker.succeeded();
      if (answer.status < 200 || (answer.status >= 300 && answer.status < 400))
        throw new HttpFault("redirected", step);
      return answer;
    } catch (fault) {
      if (fault instanceof HttpFault && isAway(fault)) this.breaker.failed();
      else this.breaker.succeeded();
      throw fault;
    }
  }

  close(): void {
    this.isShut = true;
    this.agent.destroy();
  }

  private async askTwice(question: HttpQuestion): Promise<HttpAnswer> {
    try {
      return await this.askOnce(question);
    } catch (fault) {
      if (!(fault instanceof StaleConnection)) throw fault;
    }
    try {
      return await this.askOnce(question);
    } catch (fault) {
      throw fault instanceof StaleConnection ? new HttpFault("closed", question.step) : fault;
    }
  }

  private askOnce({ step, method, path, headers, body, ...limits }: HttpQuestion): Promise<HttpAnswer> {
    const { connectMs, answerMs } = this.patience;
    const left = (limits.deadline ?? Number.POSITIVE_INFINITY) - performance.now();
    if (left <= 0) return Promise.reject(new HttpFault("timed-out", step));
    return new Promise((resolve, reject) => {
      const ask = this.base.startsWith("https:") ? requestTls : request;
      const outgoing: ClientRequest = ask(`${this.base}${path}`, {
        method,
        agent: this.agent,
        headers: {
          accept: "application/json",
          ...headers,
          ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
        },
      });
      let timer = setTimeout(giveUp, Math.min(connectMs, left));
      function giveUp(): void {
        end(new HttpFault("timed-out", step));
      }
      function end(outcome: HttpAnswer | Error): void {
        clearTimeout(timer);
        if (outcome instanceof Error) {
          reject(outcome);
          outgoing.destroy();
        } else resolve(outcome);
      }
      const connected = () => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, Math.min(answerMs, left));
      };
      outgoing.on("socket", (socket) => {
        if (!socket.connecting) connected();
        else socket.once(this.base.startsWith("https:") ? "secureConnect" : "connect", connected);
      });
      outgoing.on("error", (error) =>
        end(outgoing.reusedSocket ? new StaleConnection() : faultOf(error, step)),
      );
      outgoing.on("response", (incoming) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        incoming.on("data", (piece: Buffer) => {
          bytes += piece.length;
          if (bytes > (limits.longestBytes ?? longestBytes)) end(new HttpFault("too-long", step));
          else pieces.push(piece);
        });
        incoming.on("error", () => end(new HttpFault("closed", step)));
        incoming.on("close", () => {
          if (!incoming.complete) end(new HttpFault("closed", step));
        });
        incoming.on("end", () => {
          const { statusCode: status = 0, headers } = incoming;
          end({ status, headers, text: Buffer.concat(pieces).toString("utf8") });
        });
      });
      outgoing.end(body);
    });
  }
}

/** The answer's body as `schema` has it. @throws HttpFault `garbled` when it is anything else. */
export function readBody<T>(answer: HttpAnswer, schema: z.ZodType<T>, step: string): T {
  const body = schema.safeParse(readJson(answer.text));
  if (!body.success) throw new HttpFault("garbled", step);
  return body.data;
}

/** Undefined when it is no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A kept connection that the other side had closed meanwhile. */
class StaleConnection extends Error {}

const untrusted = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

function faultOf(error: Error, step: string): HttpFault {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (untrusted.test(code)) return new HttpFault("not-trusted", step);
  if (code.startsWith("HPE_")) return new HttpFault("garbled", step);
  return new HttpFault(code === "ECONNRESET" || code === "EPIPE" ? "closed" : "refused", step);
}
