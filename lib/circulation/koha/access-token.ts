/** The bearer token that Koha gives to our API client: asked for once, used until shortly before its end, held in memory alone. */
import { HttpFault } from "../http-fault";
import { type HttpAnswer, type HttpQuestion, readBody } from "../http-line";
import { tokenAnswer } from "./koha-answers";

export interface ApiClient {
  id: string;
  secret: string;
}

/** A token ends during the question that it was taken for, unless it is let go a little earlier. */
const spareMs = 60_000;

export class AccessToken {
  private held: { text: string; until: number } | null = null;
  private coming: Promise<string> | null = null;

  /** `send` carries a question without a token; `now` is a clock in milliseconds that never goes back. */
  constructor(
    private readonly client: ApiClient,
    private readonly send: (question: HttpQuestion) => Promise<HttpAnswer>,
    private readonly now: () => number,
  ) {}

  /**
   * All who ask while none is there wait for the same one.
   * @throws HttpFault `not-allowed` when id or secret are not taken.
   */
  take(): Promise<string> {
    if (this.held && this.now() < this.held.until) return Promise.resolve(this.held.text);
    this.coming ??= this.ask().finally(() => {
      this.coming = null;
    });
    return this.coming;
  }

  /** Koha took this one no longer. */
  forget(text: string): void {
    if (this.held?.text === text) this.held = null;
  }

  private async ask(): Promise<string> {
    const { id, secret } = this.client;
    const asked = this.now();
    const answer = await this.send({
      step: "token",
      method: "POST",
      path: "oauth/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: id,
        client_secret: secret,
      }).toString(),
    });
    if (answer.status === 404) throw new HttpFault("not-there", "token");
    // 403 for a wrong secret; 400 where client credentials are switched off.
    if (answer.status >= 400) throw new HttpFault("not-allowed", "token");
    const { access_token: text, expires_in } = readBody(answer, tokenAnswer, "token");
    const lifeMs = expires_in * 1000;
    this.held = { text, until: asked + lifeMs - Math.min(spareMs, lifeMs / 2) };
    return text;
  }
}
