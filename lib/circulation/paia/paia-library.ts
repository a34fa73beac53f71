/** A library system that speaks PAIA (Patrons Account Information API), as the port asks for it. Reads only; nothing of an answer is kept. */
import type { z } from "zod";
import type { Log } from "@/lib/log";
import { HttpFault, orUnavailable } from "../http-fault";
import { type HttpAnswer, HttpLine, type HttpPatience, readBody } from "../http-line";
import type {
  Authentication,
  Capabilities,
  ItemDetails,
  LibrarySystem,
  PatronAccount,
  PatronKey,
} from "../port";
import {
  barcodeOf,
  errorSchema,
  feesSchema,
  finesOf,
  holdOf,
  itemsSchema,
  loanOf,
  loginSchema,
  patronSchema,
  sortDocuments,
} from "./paia-replies";

export interface PaiaOptions {
  /** The base addresses of PAIA auth and PAIA core. */
  auth: URL;
  core: URL;
  /** Whether the server tells fees: some implement none. */
  hasFees: boolean;
  connections: number;
  timeZone: string;
  /** ISO 4217. Fees in other money are refused, not converted. */
  currency: string;
  /** What our own catalogue knows of copies, by barcode. Unknown ones are left out. */
  findItems(barcodes: string[]): Promise<Map<string, ItemDetails>>;
  log: Pick<Log, "warn">;
  patience?: HttpPatience;
}

/** PAIA has no ids of loans, need not tell the day of check-out, and reports nothing by itself. */
export function paiaCapabilities(hasFees: boolean): Capabilities {
  return {
    loanIds: false,
    daysOut: false,
    holds: true,
    fines: hasFees ? "by-loan" : "none",
    events: false,
    visits: true,
  };
}

/** The least that shows an account: no `write_items`. */
const scope = "read_patron read_items";
const longestMs = 12_000;
/** What a bearer token may be made of (RFC 6750), and how much of it a session can keep. */
const token = /^[\w~+/.-]+=*$/;
const longestToken = 1000;

interface Lines {
  auth: HttpLine;
  core: HttpLine;
}

export function makePaiaLibrary(options: PaiaOptions): LibrarySystem {
  const { log, connections, patience, hasFees } = options;
  const lineTo = (base: URL) => new HttpLine({ base, connections, ...(patience ? { patience } : {}) });
  const lines: Lines = { auth: lineTo(options.auth), core: lineTo(options.core) };
  return {
    capabilities: paiaCapabilities(hasFees),
    async authenticate(card, pin) {
      if (card === "" || pin === "") return { ok: false, why: "wrong-credentials" };
      return orUnavailable(log, () => signIn(lines, hasFees, card, pin));
    },
    readAccount: (patron) => orUnavailable(log, () => readAccount(options, lines, patron)),
    /** PAIA tells nothing of copies but of a patron's own: what is known of them is our own catalogue's. */
    async readItem(barcode) {
      const found = barcode === "" ? null : await options.findItems([barcode]);
      return { ok: true, item: found?.get(barcode) ?? null };
    },
    async close() {
      lines.auth.close();
      lines.core.close();
    },
  };
}

async function signIn(
  { auth, core }: Lines,
  hasFees: boolean,
  card: string,
  pin: string,
): Promise<Authentication> {
  const deadline = performance.now() + longestMs;
  const answer = await auth.ask({
    step: "login",
    method: "POST",
    path: "login",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({
      username: card,
      password: pin,
      grant_type: "password",
      scope: hasFees ? `${scope} read_fees` : scope,
    }),
    deadline,
  });
  const error = readError(answer, "login");
  if (error !== null) {
    if (isWrongCredentials(answer.status, error)) return { ok: false, why: "wrong-credentials" };
    throw refusal(answer.status, "login");
  }
  const { patron: id, access_token: pass } = readBody(answer, loginSchema, "login");
  if (!isNameable(id) || !token.test(pass) || pass.length > longestToken)
    throw new HttpFault("garbled", "login");
  const about = await core.ask({ ...question("patron", id, "", pass), deadline });
  const { name } = readOwn(about, patronSchema, "patron");
  return { ok: true, patron: { id, name: name.trim() || card }, pass };
}

type AccountAnswer = { ok: true; account: PatronAccount } | { ok: false; why: "sign-in-again" };

async function readAccount(options: PaiaOptions, { core }: Lines, patron: PatronKey): Promise<AccountAnswer> {
  const { id, pass } = patron;
  if (pass === undefined || !token.test(pass) || !isNameable(id)) return { ok: false, why: "sign-in-again" };
  const { hasFees, timeZone, currency } = options;
  const deadline = performance.now() + longestMs;
  const [items, fees] = await Promise.all([
    core.ask({ ...question("items", id, "/items", pass), deadline }),
    hasFees ? core.ask({ ...question("fees", id, "/fees", pass), deadline }) : null,
  ]);
  if (items.status === 401 || fees?.status === 401) return { ok: false, why: "sign-in-again" };
  const documents = sortDocuments(readOwn(items, itemsSchema, "items"));
  const barcodes = [...documents.loans, ...documents.holds].map(barcodeOf).filter((each) => each !== null);
  const catalogue = await options.findItems(barcodes);
  return {
    ok: true,
    account: {
      loans: documents.loans.map((each) => loanOf(each, catalogue, timeZone)),
      unlistedLoans: 0,
      holds: documents.holds.map((each) => holdOf(each, catalogue, timeZone)),
      fines: fees ? finesOf(readOwn(fees, feesSchema, "fees"), documents, currency) : [],
    },
  };
}

function question(step: string, patron: string, below: string, pass: string) {
  const path = `${encodeURIComponent(patron)}${below}`;
  return { step, method: "GET", path, headers: { authorization: `Bearer ${pass}` } } as const;
}

/** `.` and `..` would climb in the address. */
const isNameable = (patron: string): boolean => !/^\.*$/.test(patron);

/** An answer about a patron's own account. @throws HttpFault */
function readOwn<T>(answer: HttpAnswer, schema: z.ZodType<T>, step: string): T {
  if (readError(answer, step) !== null) throw refusal(answer.status, step);
  return readBody(answer, schema, step);
}

/** The error's code; null without one. Some servers send it with 200. @throws HttpFault for a refusal that is none of PAIA's. */
function readError(answer: HttpAnswer, step: string): string | null {
  if (answer.status === 404 || answer.status === 405) throw new HttpFault("not-there", step);
  if (answer.status >= 400) return readBody(answer, errorSchema, step).error;
  const body = readBody(answer, errorSchema.partial(), step);
  return body.error ?? null;
}

/** PAIA says 403 `access_denied`, OAuth 2.0 says 400 `invalid_grant`; servers say either, and 401 as well. */
function isWrongCredentials(status: number, error: string): boolean {
  if (error === "access_denied") return true;
  return error === "invalid_grant" || (status === 401 && error !== "invalid_client");
}

function refusal(status: number, step: string): HttpFault {
  return new HttpFault(status === 401 || status === 403 ? "not-allowed" : "garbled", step);
}
