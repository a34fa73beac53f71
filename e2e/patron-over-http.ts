/** A patron without a browser: signs in over HTTP, and reaches their vault as `/api/openapi.json` describes it. */
import { randomBytes } from "node:crypto";
import { openVaultSession } from "../lib/vault/open/vault-session";
import { secureRandom } from "../lib/vault/random-bytes";
import type { HistoryRow, VaultSession } from "../lib/vault/unlocked-history";
import type { NotAnswered, VaultServer } from "../lib/vault/vault-contents";
import { demoPin, expect } from "./commonplace-test";

/** The answer to a sign-in: where it leads, and the session's cookie when it was right. */
export interface SignInAnswer {
  location: string;
  cookie: string | undefined;
}

export async function tryToSignIn(url: string, card: string, pin = demoPin): Promise<SignInAnswer> {
  const page = await fetch(`${url}/sign-in`);
  await page.arrayBuffer();
  const csrf = cookieOf(page, "csrf") ?? "";
  const [csrfToken = ""] = decodeURIComponent(csrf.slice("csrf=".length)).split("|");
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: "POST",
    headers: { cookie: csrf },
    body: new URLSearchParams({ csrfToken, card, pin }),
    redirect: "manual",
  });
  return { location: answer.headers.get("location") ?? "", cookie: cookieOf(answer, "session") };
}

/** @returns the session's cookie, which outlives a restart of the server. */
export async function signInOverHttp(url: string, card: string): Promise<string> {
  const { cookie, location } = await tryToSignIn(url, card);
  expect(cookie, `signed in, not sent to ${location}`).toBeDefined();
  return cookie ?? "";
}

function cookieOf(answer: Response, name: string): string | undefined {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0] ?? "")
    .find((pair) => pair.startsWith(`${name}=`));
}

/** One device of the patron: its memory alone holds what it has unlocked. */
export function deviceOf(url: string, cookie: string): VaultSession {
  const today = () => new Date().toISOString().slice(0, 10);
  return openVaultSession({ server: vaultServerAt(url, cookie), random: secureRandom, today });
}

export function newPassphrase(): string {
  return `kestrel ${randomBytes(12).toString("hex")} lantern`;
}

/** Makes the patron's vault; the device has it open afterwards. @returns the recovery code. */
export async function turnOnHistoryOf(device: VaultSession, passphrase: string): Promise<string> {
  const prepared = await device.prepareSetUp({ passphrase });
  expect(prepared).toMatchObject({ ok: true });
  expect(await device.finishSetUp()).toMatchObject({ ok: true });
  return prepared.ok ? prepared.recoveryCode : "";
}

export function allRows(device: VaultSession): HistoryRow[] {
  return device.page(0, Number.MAX_SAFE_INTEGER).rows;
}

const byteFields = new Set(
  "evaluated ticket intakePublicKey refillNonce signPublicKey manifest blob sealed".split(" "),
);

const writeBytes = (_: string, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;

const readBytes = (field: string, value: unknown) =>
  byteFields.has(field) && typeof value === "string" ? new Uint8Array(Buffer.from(value, "base64")) : value;

function vaultServerAt(url: string, cookie: string): VaultServer {
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { cookie, "content-type": "application/json" };
    try {
      const answer = await fetch(`${url}/api/vault${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body, writeBytes) }),
      });
      const text = await answer.text();
      const retryAfterSeconds = Number(answer.headers.get("retry-after"));
      return { status: answer.status, retryAfterSeconds, said: JSON.parse(text || "{}", readBytes) };
    } catch {
      return { status: 503, retryAfterSeconds: 0, said: {} };
    }
  };
  const unanswered = (status: number): NotAnswered => ({
    ok: false,
    why: status === 401 ? "signed-out" : "offline",
  });
  const written = (status: number) => {
    if (status === 200) return { ok: true as const };
    if (status === 409) return { ok: false as const, why: "conflict" as const };
    if (status === 404) return { ok: false as const, why: "no-vault" as const };
    return status === 422 ? { ok: false as const, why: "refused" as const } : unanswered(status);
  };
  return {
    async fetchVault(known) {
      const { status, said } = known ? await call("POST", "/changes", known) : await call("GET", "");
      if (status === 409) return { ok: false, why: "damaged" };
      return status === 200 ? { ok: true, ...said } : unanswered(status);
    },
    async prepareOprf(vaultId, slotId, blinded) {
      const { status, said, retryAfterSeconds } = await call("POST", "/passphrase-slot", {
        vaultId,
        slotId,
        blinded,
      });
      if (status === 429) return { ok: false, why: "too-many", retryAfterSeconds };
      return status === 200 ? { ok: true, ...said } : unanswered(status);
    },
    async evaluateOprf(slotId, blinded) {
      const { status, said, retryAfterSeconds } = await call("POST", "/guess", { slotId, blinded });
      if (status === 429) return { ok: false, why: "no-guesses", retryAfterSeconds };
      if (status === 404) return { ok: false, why: "no-vault" };
      return status === 200 ? { ok: true, ...said } : unanswered(status);
    },
    async refillGuesses(nonce, signature) {
      await call("PUT", "/guess", { nonce, signature });
    },
    async createVault(creation) {
      const { status } = await call("POST", "", creation);
      if (status === 201) return { ok: true };
      if (status === 409) return { ok: false, why: "exists" };
      if (status === 410) return { ok: false, why: "stale-ticket" };
      return status === 422 ? { ok: false, why: "refused" } : unanswered(status);
    },
    async commitVault(commit) {
      return written((await call("PUT", "", commit)).status);
    },
    async changeSlots(change) {
      return written((await call("PUT", "/slots", change)).status);
    },
    async startAfresh(afresh) {
      const { status } = await call("POST", "/afresh", afresh);
      if (status === 410) return { ok: false, why: "stale-ticket" };
      return status === 413 ? { ok: false, why: "too-large" } : written(status);
    },
  };
}
