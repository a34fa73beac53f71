/** A few connections to one SIP2 server, lent out for one piece of work at a time. */
import { CircuitBreaker } from "../circuit-breaker";
import type { Sip2Connection } from "./connection";
import { Sip2Fault } from "./sip2-fault";

export interface PoolOptions {
  open(): Promise<Sip2Connection>;
  /** At most so many at once: a server counts them, and answers none beyond its own limit. */
  connections: number;
  /** Closed after so long without a question, so that the server's places are free for others. */
  idleMs: number;
  firstRestMs: number;
}

const mostWaiting = 200;
const closedMeanwhile = Symbol("closed meanwhile");

interface Waiting {
  take(): void;
  giveUp(fault: Sip2Fault): void;
}

export class ConnectionPool {
  private readonly idle: { connection: Sip2Connection; timer: NodeJS.Timeout }[] = [];
  private readonly waiting: Waiting[] = [];
  private readonly breaker: CircuitBreaker;
  private inUse = 0;
  private isShut = false;

  constructor(private readonly options: PoolOptions) {
    this.breaker = new CircuitBreaker(() => performance.now(), options.firstRestMs);
  }

  /**
   * Runs the work on a connection of its own. Work only reads, so it runs once more when an idle connection turns out to
   * have been closed from the other side.
   * @throws Sip2Fault, after `timeoutMs` at the latest when none is free.
   */
  async use<T>(timeoutMs: number, work: (connection: Sip2Connection) => Promise<T>): Promise<T> {
    await this.takePlace(timeoutMs);
    try {
      const idle = this.takeIdle();
      if (idle) {
        const done = await this.run(idle, work, "idle");
        if (done !== closedMeanwhile) return done;
        this.closeIdle();
      }
      const done = await this.run(await this.openOne(), work, "new");
      if (done === closedMeanwhile) throw new Sip2Fault("closed", "answer");
      return done;
    } finally {
      // A place goes straight to whoever waits, or a newcomer would take it meanwhile.
      const next = this.waiting.shift();
      if (next) next.take();
      else this.inUse -= 1;
    }
  }

  close(): void {
    this.isShut = true;
    this.closeIdle();
    for (const one of this.waiting.splice(0)) one.giveUp(new Sip2Fault("shut", "wait"));
  }

  private async takePlace(timeoutMs: number): Promise<void> {
    if (this.isShut) throw new Sip2Fault("shut", "wait");
    if (this.inUse < this.options.connections) {
      this.inUse += 1;
      return;
    }
    if (this.waiting.length >= mostWaiting) throw new Sip2Fault("busy", "wait");
    await new Promise<void>((resolve, reject) => {
      const one: Waiting = {
        take: () => {
          clearTimeout(timer);
          resolve();
        },
        giveUp: (fault) => {
          clearTimeout(timer);
          const place = this.waiting.indexOf(one);
          if (place >= 0) this.waiting.splice(place, 1);
          reject(fault);
        },
      };
      const timer = setTimeout(() => one.giveUp(new Sip2Fault("busy", "wait")), timeoutMs);
      this.waiting.push(one);
    });
  }

  private async openOne(): Promise<Sip2Connection> {
    if (this.isShut) throw new Sip2Fault("shut", "wait");
    if (!this.breaker.mayTry()) throw new Sip2Fault("resting", "connect");
    try {
      return await this.options.open();
    } catch (fault) {
      this.breaker.failed();
      throw fault;
    }
  }

  private async run<T>(
    connection: Sip2Connection,
    work: (connection: Sip2Connection) => Promise<T>,
    age: "idle" | "new",
  ): Promise<T | typeof closedMeanwhile> {
    try {
      const result = await work(connection);
      this.breaker.succeeded();
      this.giveBack(connection);
      return result;
    } catch (fault) {
      connection.close();
      const code = fault instanceof Sip2Fault ? fault.code : null;
      if (age === "idle" && code === "closed") return closedMeanwhile;
      if (code === "timed-out" || code === "closed") this.breaker.failed();
      else this.breaker.succeeded();
      throw fault;
    }
  }

  private takeIdle(): Sip2Connection | null {
    for (let one = this.idle.pop(); one; one = this.idle.pop()) {
      clearTimeout(one.timer);
      if (one.connection.isUsable) return one.connection;
      one.connection.close();
    }
    return null;
  }

  private giveBack(connection: Sip2Connection): void {
    if (this.isShut || !connection.isUsable) {
      connection.close();
      return;
    }
    const timer = setTimeout(() => {
      const place = this.idle.findIndex((one) => one.connection === connection);
      if (place >= 0) this.idle.splice(place, 1);
      connection.close();
    }, this.options.idleMs);
    timer.unref();
    this.idle.push({ connection, timer });
  }

  private closeIdle(): void {
    for (const { connection, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      connection.close();
    }
  }
}
