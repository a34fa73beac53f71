/** Mutated requests to every route of a running library: what each may answer, and what none may say. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { z } from "zod";
import {
  type Chance,
  chanceFrom,
  type Json,
  mutateBytes,
  mutateJson,
  mutateJsonText,
  oneOf,
  upTo,
} from "../lib/vault/fixtures/fuzz/mutation";
import { secureRandom } from "../lib/vault/random-bytes";
import { newDecoyRecipient } from "../lib/vault/recipient";
import { newSigningKey, sign, signingPublicKey } from "../lib/vault/signature";
import { commitMessage, creationMessage, slotChangeMessage } from "../lib/vault/vault-write";

export interface FuzzedLibrary {
  url: string;
  loansToken: string;
  output(): string;
}

export interface RequestReport {
  requests: number;
  byStatus: Map<number, number>;
  byRoute: Map<string, number>;
  /** Writes that were taken although something in them had been changed: deep enough to matter. */
  signedAndTaken: number;
  faults: string[];
  slowestMs: number;
}

/** In every mutated request somewhere; in no answer, and in nothing that the server prints. */
const marker = "zqfuzzedzq";
const longestMs = 15_000;

interface Sent {
  route: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  /** next-auth's own routes answer in their own way. */
  ownAnswers?: boolean;
}

type Make = (chance: Chance) => Sent;

const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const fromB64 = z.string().transform((text) => new Uint8Array(Buffer.from(text, "base64")));
const jsonHeaders = { "content-type": "application/json" };

/**
 * Sends `count` requests in several lanes, each in its own order: what is random comes from the seed alone.
 * `owner` and `newcomer` are session cookies of two patrons without a history; both end without one.
 */
export async function fuzzRequests(
  library: FuzzedLibrary,
  patrons: { owner: string; newcomer: string },
  count: number,
  seed: number,
): Promise<RequestReport> {
  const printedBefore = library.output().length;
  const report: RequestReport = {
    requests: 0,
    byStatus: new Map(),
    byRoute: new Map(),
    signedAndTaken: 0,
    faults: [],
    slowestMs: 0,
  };
  const own = await ownVault(library, patrons.owner);
  const newcomer = await prepareVault(library, patrons.newcomer);
  const unsigned = unsignedRequests(library, patrons.owner, own);
  const lanes = [
    signedLane(library, patrons.owner, own, report),
    creationLane(library, patrons.newcomer, newcomer, report),
    ...Array.from({ length: 6 }, () => async (chance: Chance) => {
      await send(library, oneOf(chance, unsigned)(chance), report);
    }),
  ];
  await Promise.all(
    lanes.map(async (lane, index) => {
      for (let turn = index; turn < count; turn += lanes.length) await lane(chanceFrom(seed + turn));
    }),
  );
  for (const cookie of Object.values(patrons))
    await fetch(`${library.url}/api/vault`, { method: "DELETE", headers: { cookie } });
  await sleep(500);
  const printed = library.output().slice(printedBefore);
  if (printed.includes(marker)) report.faults.push("the server printed what was sent");
  for (const line of printed
    .split("\n")
    .filter((line) => line.includes("request-failed"))
    .slice(0, 5))
    report.faults.push(`the log tells of a failed request: ${line.slice(0, 600)}`);
  return report;
}

async function send(library: FuzzedLibrary, sent: Sent, report: RequestReport): Promise<number> {
  const blame = (what: string) =>
    report.faults.push(
      `${sent.method} ${sent.route}: ${what}; sent ${String(sent.body ?? sent.path).slice(0, 400)}`,
    );
  const begun = performance.now();
  report.requests += 1;
  report.byRoute.set(sent.route, (report.byRoute.get(sent.route) ?? 0) + 1);
  try {
    const answer = await fetch(`${library.url}${sent.path}`, {
      method: sent.method,
      headers: sent.headers,
      redirect: "manual",
      signal: AbortSignal.timeout(longestMs),
      ...(sent.body === undefined ? {} : { body: sent.body }),
    });
    const text = await answer.text();
    const { status } = answer;
    report.byStatus.set(status, (report.byStatus.get(status) ?? 0) + 1);
    if (status >= 500) blame(`answered ${status}`);
    if (text.includes(marker)) blame("echoed what was sent");
    if (
      status >= 400 &&
      status !== 405 &&
      status !== 431 &&
      sent.method !== "HEAD" &&
      !sent.ownAnswers &&
      !isProblem(answer, text)
    )
      blame(`answered ${status} without problem details: ${text.slice(0, 200)}`);
    return status;
  } catch (fault) {
    blame(`no answer: ${fault instanceof Error ? fault.message : String(fault)}`);
    return 0;
  } finally {
    report.slowestMs = Math.max(report.slowestMs, performance.now() - begun);
  }
}

const problemSchema = z
  .object({ type: z.string().startsWith("urn:commonplace:problem:"), title: z.string(), status: z.int() })
  .loose();

function isProblem(answer: Response, text: string): boolean {
  if (answer.headers.get("content-type") !== "application/problem+json") return false;
  try {
    return problemSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

interface FuzzVault {
  vaultId: string;
  signingKey: ReturnType<typeof newSigningKey>;
  /** The body of its creation, without a signature. */
  creation: { [name: string]: Json };
}

/** What a creation needs, with a ticket of the server's own: good for an hour, for this vault alone. */
async function prepareVault(library: FuzzedLibrary, cookie: string): Promise<FuzzVault> {
  const [vaultId, slotId] = [randomUUID(), randomUUID()];
  const { blinded } = ristretto255_oprf.oprf.blind(secureRandom(32));
  const prepared = await fetch(`${library.url}/api/vault/passphrase-slot`, {
    method: "POST",
    headers: { cookie, ...jsonHeaders },
    body: JSON.stringify({ vaultId, slotId, blinded: b64(blinded) }),
  });
  const { ticket } = z.object({ ticket: z.string() }).parse(await prepared.json());
  const signingKey = newSigningKey(secureRandom);
  const blob = () => b64(secureRandom(106));
  const creation = {
    vaultId,
    epoch: 1,
    recipient: await newDecoyRecipient(),
    signPublicKey: b64(signingPublicKey(signingKey)),
    slots: [
      { id: slotId, kind: "passphrase", blob: blob() },
      { id: randomUUID(), kind: "recovery", blob: blob() },
    ],
    oprfTicket: ticket,
    manifest: b64(secureRandom(400)),
  };
  return { vaultId, signingKey, creation };
}

async function ownVault(library: FuzzedLibrary, cookie: string): Promise<FuzzVault> {
  const made = await prepareVault(library, cookie);
  const body = signed(creationSchema, creationMessage, made.creation, made.signingKey);
  const answer = await fetch(`${library.url}/api/vault`, {
    method: "POST",
    headers: { cookie, ...jsonHeaders },
    body: JSON.stringify(body),
  });
  if (answer.status !== 201) throw new Error(`The vault to be fuzzed was not made: ${answer.status}`);
  return made;
}

const slotSchema = z.object({
  id: z.string(),
  kind: z.enum(["passphrase", "recovery", "passkey"]),
  blob: fromB64,
});
const chapterSchema = z.object({ id: z.string(), revision: z.int().min(0), blob: fromB64 });
const count = z.int().min(0);

const creationSchema = z.object({
  vaultId: z.string(),
  epoch: count,
  recipient: z.string(),
  signPublicKey: fromB64,
  slots: z.array(slotSchema),
  oprfTicket: fromB64,
  manifest: fromB64,
});

const commitSchema = z.object({
  vaultId: z.string(),
  epoch: count,
  previousSequence: count,
  manifest: fromB64,
  chapters: z.array(chapterSchema),
  droppedChapterIds: z.array(z.string()),
  openedInboxIds: z.array(z.string()),
});

const slotChangeSchema = z.object({
  vaultId: z.string(),
  epoch: count,
  previousSequence: count,
  manifest: fromB64,
  slot: slotSchema.nullable(),
  keptSlotIds: z.array(z.string()),
  oprfTicket: fromB64.nullable(),
});

/** With a true signature where the changed body still has the shape that is signed, so that it is looked at whole. */
function signed<T>(
  schema: z.ZodType<T>,
  message: (body: T) => Uint8Array,
  body: Json,
  key: FuzzVault["signingKey"],
): Json {
  const read = schema.safeParse(body);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const signature = read.success ? b64(sign(key, message(read.data))) : b64(secureRandom(64));
  return { signature, ...body };
}

/** A commit or a change of slots, changed and then signed by the vault's own key. */
function signedLane(library: FuzzedLibrary, cookie: string, vault: FuzzVault, report: RequestReport) {
  const chapterIds = [randomUUID(), randomUUID(), randomUUID()];
  let sequence = 1;
  return async (chance: Chance) => {
    const base = {
      vaultId: vault.vaultId,
      epoch: 1,
      previousSequence: sequence,
      manifest: b64(secureRandom(400)),
    };
    const isCommit = chance() < 0.7;
    const commit: Json = {
      ...base,
      chapters: [{ id: oneOf(chance, chapterIds), revision: sequence + 1, blob: b64(secureRandom(200)) }],
      droppedChapterIds: chance() < 0.2 ? [oneOf(chance, chapterIds)] : [],
      openedInboxIds: chance() < 0.2 ? [randomUUID()] : [],
    };
    const change: Json = {
      ...base,
      slot: { id: randomUUID(), kind: oneOf(chance, ["recovery", "passkey"]), blob: b64(secureRandom(106)) },
      keptSlotIds: [],
      oprfTicket: null,
    };
    const mutated =
      chance() < 0.1 ? (isCommit ? commit : change) : mutateJson(isCommit ? commit : change, chance);
    const body = isCommit
      ? signed(commitSchema, commitMessage, mutated, vault.signingKey)
      : signed(slotChangeSchema, slotChangeMessage, mutated, vault.signingKey);
    const path = isCommit ? "/api/vault" : "/api/vault/slots";
    const headers = { cookie, ...jsonHeaders };
    const status = await send(
      library,
      { route: `${path}, signed`, method: "PUT", path, headers, body: JSON.stringify(body) },
      report,
    );
    if (status !== 200) return;
    report.signedAndTaken += 1;
    sequence += 1;
  };
}

/** A creation, changed and then signed; where it is taken, the vault is read and deleted again. */
function creationLane(library: FuzzedLibrary, cookie: string, vault: FuzzVault, report: RequestReport) {
  const headers = { cookie, ...jsonHeaders };
  const call = (method: string) =>
    send(library, { route: "/api/vault, as made", method, path: "/api/vault", headers: { cookie } }, report);
  return async (chance: Chance) => {
    const body = signed(
      creationSchema,
      creationMessage,
      mutateJson(vault.creation, chance),
      vault.signingKey,
    );
    const sent = { route: "/api/vault, signed", method: "POST", path: "/api/vault", headers };
    const status = await send(library, { ...sent, body: JSON.stringify(body) }, report);
    if (status !== 201) return;
    report.signedAndTaken += 1;
    await call("GET");
    await call("DELETE");
  };
}

function unsignedRequests(library: FuzzedLibrary, cookie: string, vault: FuzzVault): Make[] {
  const id = vault.vaultId;
  const bytes = (length: number) => b64(secureRandom(length));
  const base = { vaultId: id, epoch: 1, previousSequence: 1, manifest: bytes(400), signature: bytes(64) };
  const slot = { id, kind: "recovery", blob: bytes(106) };
  const event = {
    type: "checkout",
    loan: "fuzzed-loan",
    patron: "nobody-at-all",
    day: "2026-11-02",
    due: "2026-11-23",
    record: { recordId: "77", title: "A title", author: "An author", isbn: "9780060512750", subjects: ["x"] },
  };
  const bodies: [string, string, Json][] = [
    ["POST", "/api/vault", { ...vault.creation, signature: bytes(64) }],
    [
      "PUT",
      "/api/vault",
      {
        ...base,
        chapters: [{ id, revision: 1, blob: bytes(99) }],
        droppedChapterIds: [id],
        openedInboxIds: [id],
      },
    ],
    ["PUT", "/api/vault/slots", { ...base, slot, keptSlotIds: [id], oprfTicket: null }],
    [
      "POST",
      "/api/vault/afresh",
      { ...vault.creation, ...base, chapters: [], settledInboxIds: [], proof: bytes(64) },
    ],
    ["POST", "/api/vault/guess", { slotId: id, blinded: bytes(32) }],
    ["PUT", "/api/vault/guess", { nonce: bytes(16), signature: bytes(64) }],
    ["POST", "/api/vault/passphrase-slot", { vaultId: id, slotId: id, blinded: bytes(32) }],
  ];
  const withBody = bodies.map(
    ([method, path, body]): Make =>
      (chance) => ({
        route: path,
        method,
        path,
        headers: oddHeaders(chance, { cookie }),
        body: bodyOf(body, chance),
      }),
  );
  const loans: Make = (chance) => ({
    route: "/api/loans/events",
    method: "POST",
    path: "/api/loans/events",
    headers: oddHeaders(chance, { authorization: `Bearer ${library.loansToken}` }),
    body: bodyOf({ events: [event, { ...event, type: "return" }] }, chance),
  });
  const query: Make = (chance) => {
    const value = () =>
      encodeURIComponent(oneOf(chance, ["1", "-1", "a", marker, "\0", "🌋", "x".repeat(3000)]));
    const names = ["q", "limit", "page", "q[]", "__proto__", ""];
    const parts = Array.from({ length: upTo(chance, 4) }, () => `${oneOf(chance, names)}=${value()}`);
    const broken = oneOf(chance, ["", "", "&q=%", "&q=%ff%fe", "&q=%00", "&&=&"]);
    return {
      route: "/api/search",
      method: "GET",
      path: `/api/search?q=the&${parts.join("&")}${broken}`,
      headers: oddHeaders(chance, {}),
    };
  };
  const fixed: Make = (chance) => {
    const path = oneOf(chance, ["/api/health", "/api/openapi.json", "/api/receipt-key", "/api/vault"]);
    const method = oneOf(chance, ["GET", "GET", "HEAD", "OPTIONS", "PATCH"]);
    return { route: path, method, path: `${path}?${marker}`, headers: oddHeaders(chance, {}) };
  };
  const auth: Make = (chance) => {
    const path = `/api/auth/${oneOf(chance, ["csrf", "session", "providers", "callback/credentials", "signin", `${marker}`, "error", ".."])}`;
    const method = oneOf(chance, ["GET", "POST"]);
    const form = new URLSearchParams({
      csrfToken: marker,
      card: `${marker}1`,
      pin: "1",
      callbackUrl: `//${marker}`,
    });
    const body = method === "POST" ? { body: oneOf(chance, [`${form}`, "{", "%", ""]) } : {};
    const type = { "content-type": oneOf(chance, ["application/x-www-form-urlencoded", "application/json"]) };
    return { route: "/api/auth", method, path, headers: oddHeaders(chance, type), ownAnswers: true, ...body };
  };
  return [...withBody, ...withBody, loans, query, query, fixed, auth];
}

/** Mostly JSON of a wrong shape, with the marker in it; sometimes no JSON, or bytes that are no text. */
function bodyOf(body: Json, chance: Chance): string | Uint8Array<ArrayBuffer> {
  if (chance() < 0.1) return Uint8Array.from(mutateBytes(Buffer.from(JSON.stringify(body)), chance));
  const marked = chance() < 0.5 && isFields(body) ? { ...body, [marker]: marker } : body;
  const text = mutateJsonText(marked, chance);
  return chance() < 0.3 ? text.replace(/"[^"]{3,}"/, `"${marker}"`) : text;
}

function isFields(value: Json): value is { [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function oddHeaders(chance: Chance, given: Record<string, string>): Record<string, string> {
  const odd: Record<string, string>[] = [
    {},
    {},
    {},
    {
      "content-type": oneOf(chance, [
        "text/plain",
        "application/json; charset=utf-16",
        marker,
        "multipart/form-data",
      ]),
    },
    { "sec-fetch-site": oneOf(chance, ["cross-site", "same-origin", "none", marker]) },
    { origin: oneOf(chance, ["null", "https://example.org", marker, "http://"]) },
    { cookie: `session=${marker}; locale=${marker}` },
    { cookie: `${given.cookie ?? ""}; locale=../../${marker}; theme=${"x".repeat(2000)}` },
    { authorization: oneOf(chance, [`Bearer ${marker}`, "Bearer", `Basic ${marker}`, "x".repeat(5000)]) },
    { "accept-language": oneOf(chance, [marker, "*", "en;q=9", "x".repeat(2000)]) },
    { "x-forwarded-for": oneOf(chance, [marker, "::1,::2", "999.1.1.1", ","]) },
    { "x-forwarded-host": marker, "x-forwarded-proto": marker },
    { accept: marker, "if-none-match": marker, range: "bytes=0-1" },
    { "content-encoding": "gzip" },
    { "next-action": marker, rsc: "1", "next-router-state-tree": marker },
  ];
  return { ...jsonHeaders, ...given, ...oneOf(chance, odd) };
}
