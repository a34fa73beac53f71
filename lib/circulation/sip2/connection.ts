/** One connection to a SIP2 server: opened, logged in, then one question at a time. */
import { isUtf8 } from "node:buffer";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Frames } from "./frames";
import { type Field, type Reply, readReply, readTail, writeMessage, writeResendRequest } from "./message";
import { Sip2Fault, type Sip2Step } from "./sip2-fault";
import { decodeText, type Sip2Encoding } from "./text-encoding";

export interface Sip2Server {
  host: string;
  port: number;
  /** Null: the line is not encrypted. `ca`: PEM of the authority to trust; null: those that Node knows. */
  tls: { ca: string | null } | null;
  /** Null: the server asks for none. */
  login: { user: string; password: string; location: string } | null;
  encoding: Sip2Encoding;
}

export interface Sip2Patience {
  connectMs: number;
  tlsMs: number;
  loginMs: number;
  answerMs: number;
  /** How long a server that failed three times running is left in peace, before that doubles. */
  firstRestMs: number;
}

export interface Question {
  /** Message code and fixed fields. */
  head: string;
  fields: readonly Field[];
  /** The code of the message that answers. */
  answer: string;
}

/** What was met in an answer that is taken all the same. */
export type Sip2Oddity = "checksum" | "not-utf-8";

/** How often the same message is sent again after a 96. */
const mostRepeats = 2;

export class Sip2Connection {
  private readonly frames = new Frames();
  private sequence = 0;
  private waiting: { take(frame: Uint8Array): void; fail(fault: Sip2Fault): void } | null = null;
  private end: "closed" | "too-long" | null = null;
  /** How many questions it has answered. */
  answered = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly server: Sip2Server,
    private readonly patience: Sip2Patience,
    private readonly onOdd: (oddity: Sip2Oddity) => void,
  ) {
    socket.on("data", (bytes) => this.receive(bytes));
    socket.on("error", () => this.stop("closed"));
    socket.on("close", () => this.stop("closed"));
  }

  /**
   * Connects, agrees on TLS and logs in, each within its time.
   * @throws Sip2Fault
   */
  static async open(
    server: Sip2Server,
    patience: Sip2Patience,
    onOdd: (oddity: Sip2Oddity) => void,
  ): Promise<Sip2Connection> {
    const plain = await connected(
      connectPlain({ host: server.host, port: server.port, noDelay: true }),
      "connect",
      "connect",
      patience.connectMs,
    );
    const socket = server.tls ? await secured(plain, server, patience.tlsMs) : plain;
    const connection = new Sip2Connection(socket, server, patience, onOdd);
    if (server.login) await connection.logIn(server.login);
    return connection;
  }

  get isUsable(): boolean {
    return this.end === null && this.waiting === null && !this.frames.isPartial;
  }

  close(): void {
    this.stop("closed");
    this.socket.destroy();
  }

  /**
   * Asks once and gives the answer. The connection is of no more use after a fault, but for `not-understood`.
   * @throws Sip2Fault
   */
  async ask(question: Question, timeoutMs = this.patience.answerMs): Promise<Reply> {
    return this.exchange(question, "answer", Math.min(timeoutMs, this.patience.answerMs));
  }

  private async logIn({ user, password, location }: NonNullable<Sip2Server["login"]>): Promise<void> {
    const fields: Field[] = [
      ["CN", user],
      ["CO", password],
      ["CP", location],
    ];
    try {
      const reply = await this.exchange(
        { head: "9300", fields, answer: "94" },
        "login",
        this.patience.loginMs,
      );
      if (reply.fixed !== "1") throw new Sip2Fault("login-refused", "login");
    } catch (fault) {
      // A refused login may leave the connection open, and a full server holds on to it.
      this.close();
      throw fault;
    }
  }

  private async exchange(
    { head, fields, answer }: Question,
    step: Sip2Step,
    timeoutMs: number,
  ): Promise<Reply> {
    const sequence = this.sequence;
    this.sequence = (sequence + 1) % 10;
    const message = writeMessage(head, fields, sequence, this.server.encoding);
    const until = performance.now() + timeoutMs;
    let next = message;
    let [repeats, hasAskedAgain] = [0, false];
    for (;;) {
      const bytes = await this.roundTrip(next, step, until);
      const tail = readTail(bytes);
      const text = decodeText(bytes.subarray(0, tail.bodyLength), this.server.encoding);
      if (text.startsWith("96")) {
        if (repeats++ === mostRepeats) throw new Sip2Fault("not-understood", step);
        next = message;
        continue;
      }
      // A wrong sum alone is no fault: Koha reckons it before it changes the encoding.
      if (tail.isSumRight === false) this.onOdd("checksum");
      if (!isUtf8(bytes)) this.onOdd("not-utf-8");
      const reply = readReply(text);
      const isOurs = tail.sequence === null || tail.sequence === sequence;
      if (reply?.code === answer && isOurs) {
        this.answered += 1;
        return reply;
      }
      if (tail.isSumRight !== false || hasAskedAgain) {
        this.close();
        throw new Sip2Fault(reply?.code === answer ? "out-of-step" : "garbled", step);
      }
      hasAskedAgain = true;
      next = writeResendRequest();
    }
  }

  private roundTrip(message: Uint8Array, step: Sip2Step, until: number): Promise<Uint8Array> {
    if (this.end !== null || this.waiting !== null) return Promise.reject(new Sip2Fault("closed", step));
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        this.waiting = null;
      };
      const fail = (fault: Sip2Fault) => {
        settle();
        reject(fault);
      };
      const timer = setTimeout(
        () => {
          fail(new Sip2Fault("timed-out", step));
          // Its answer may yet come, and must not be taken for the next question's.
          this.close();
        },
        Math.max(0, until - performance.now()),
      );
      this.waiting = {
        take: (frame) => {
          settle();
          resolve(frame);
        },
        fail: ({ code }) => fail(new Sip2Fault(code, step)),
      };
      this.socket.write(message);
    });
  }

  private receive(bytes: Uint8Array): void {
    const complete = this.frames.take(bytes);
    if (complete === "too-long") {
      this.stop("too-long");
      this.socket.destroy();
      return;
    }
    for (const frame of complete) {
      if (this.waiting) this.waiting.take(frame);
      // Whoever answers without being asked cannot be trusted to answer what is asked next.
      else this.close();
    }
  }

  private stop(why: "closed" | "too-long"): void {
    this.end ??= why;
    this.waiting?.fail(new Sip2Fault(this.end, "answer"));
  }
}

function connected<S extends Socket>(
  socket: S,
  event: string,
  step: Sip2Step,
  timeoutMs: number,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (code: "timed-out" | "refused" | "not-trusted") => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on("error", () => {});
      socket.destroy();
      reject(new Sip2Fault(code, step));
    };
    const timer = setTimeout(() => fail("timed-out"), timeoutMs);
    socket.once("error", (cause: NodeJS.ErrnoException) =>
      fail(isDistrust(cause) ? "not-trusted" : "refused"),
    );
    socket.once("close", () => fail("refused"));
    socket.once(event, () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      socket.removeAllListeners("close");
      resolve(socket);
    });
  });
}

function secured(plain: Socket, { host, tls }: Sip2Server, timeoutMs: number): Promise<Socket> {
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const socket = connectTls({
    socket: plain,
    host,
    ...named,
    ...(tls?.ca ? { ca: tls.ca } : {}),
    minVersion: "TLSv1.2",
  });
  return connected(socket, "secureConnect", "tls", timeoutMs).catch((fault: unknown) => {
    plain.destroy();
    throw fault;
  });
}

/** Codes of Node's and OpenSSL's checks of a certificate, as opposed to those of a line that breaks. */
function isDistrust({ code = "" }: NodeJS.ErrnoException): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS_/.test(code);
}
