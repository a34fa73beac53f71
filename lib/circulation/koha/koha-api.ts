/** Questions to Koha's REST API under our client's token, each part of one question of the port with its time. */
import { HttpFault } from "../http-fault";
import { type HttpAnswer, HttpLine, type HttpPatience, type HttpQuestion, readJson } from "../http-line";
import { AccessToken, type ApiClient } from "./access-token";
import { absenceAnswer } from "./koha-answers";

export interface KohaServer {
  /** The address of the REST API. */
  api: URL;
  /** PEM of the authority that signed its certificate; null: those that Node knows. */
  ca: string | null;
  isPlainAllowed: boolean;
  client: ApiClient;
}

/** A word for the log: what was asked. With `not-allowed` it names the permission that is missing. */
export type KohaStep = "sign-in" | "patron" | "loans" | "item" | "record" | "holds" | "fines";

export interface Answer {
  /** 2xx; 400; or 404, when Koha itself says that there is none. */
  status: number;
  /** Undefined: the body is no JSON. */
  json: unknown;
  /** `X-Total-Count`: how many rows there are on all pages. */
  total: number | null;
}

/** One question of the port, which may be many of Koha's. */
export interface Asking {
  /** @throws HttpFault */
  get(step: KohaStep, path: string, query?: Record<string, string>): Promise<Answer>;
  /** @throws HttpFault */
  post(step: KohaStep, path: string, body: unknown): Promise<Answer>;
  elapsedMs(): number;
}

/** Below what a patron at a sign-in form would wait. */
const longestMs = 12_000;

export class KohaApi {
  private readonly line: HttpLine;
  private readonly token: AccessToken;

  constructor(
    { api, ca, isPlainAllowed, client }: KohaServer,
    connections: number,
    now: () => number,
    patience?: HttpPatience,
  ) {
    this.line = new HttpLine({
      base: api,
      connections,
      ca,
      isPlainAllowed,
      ...(patience ? { patience } : {}),
    });
    this.token = new AccessToken(client, (question) => this.line.ask(question), now);
  }

  begin(): Asking {
    const started = performance.now();
    const deadline = started + longestMs;
    return {
      elapsedMs: () => performance.now() - started,
      get: (step, path, query = {}) => {
        const text = new URLSearchParams(query).toString();
        return this.ask({ step, method: "GET", path: text === "" ? path : `${path}?${text}`, deadline });
      },
      post: (step, path, body) => {
        const headers = { "content-type": "application/json" };
        return this.ask({ step, method: "POST", path, headers, body: JSON.stringify(body), deadline });
      },
    };
  }

  close(): void {
    this.line.close();
  }

  private async ask(question: HttpQuestion): Promise<Answer> {
    const { step } = question;
    let answer = await this.askOnce(question);
    // Tokens end early too: Koha was restarted, or its clock was set.
    if (answer.status === 401) answer = await this.askOnce(question);
    const { status, headers, text } = answer;
    if (status === 401 || status === 403) throw new HttpFault("not-allowed", step);
    const json = readJson(text);
    if (status === 404 && !absenceAnswer.safeParse(json).success) throw new HttpFault("not-there", step);
    if (status > 400 && status !== 404) throw new HttpFault("garbled", step);
    return { status, json, total: readTotal(headers["x-total-count"]) };
  }

  private async askOnce(question: HttpQuestion): Promise<HttpAnswer> {
    const token = await this.token.take();
    const headers = { ...question.headers, authorization: `Bearer ${token}` };
    const answer = await this.line.ask({ ...question, headers });
    if (answer.status === 401) this.token.forget(token);
    return answer;
  }
}

function readTotal(written: string | string[] | undefined): number | null {
  return typeof written === "string" && /^\d{1,9}$/.test(written) ? Number(written) : null;
}
