/** A library system that speaks SIP2, as the port asks for it. Reads only; nothing of an answer is kept. */
import type { Log } from "@/lib/log";
import type {
  Authentication,
  Capabilities,
  CurrentLoan,
  Fine,
  Hold,
  ItemDetails,
  LibrarySystem,
  PatronAccount,
  PatronKey,
  Unavailable,
} from "../port";
import { Sip2Connection, type Sip2Oddity, type Sip2Patience, type Sip2Server } from "./connection";
import { ConnectionPool } from "./connection-pool";
import { isSendable } from "./message";
import { type Asking, askCharged, askPatron } from "./patron-information";
import { type ItemReply, type PatronReply, readItemReply } from "./replies";
import { Sip2Fault, unavailable } from "./sip2-fault";

export interface Sip2Options {
  server: Sip2Server;
  institution: string;
  terminalPassword: string;
  connections: number;
  timeZone: string;
  now(): Date;
  /** What our own catalogue knows of copies, by barcode. Unknown ones are left out. */
  findItems(barcodes: string[]): Promise<Map<string, ItemDetails>>;
  log: Pick<Log, "warn">;
  patience?: Sip2Patience;
  idleMs?: number;
}

/** SIP2 has no ids of loans, tells no day of check-out, and reports nothing by itself. */
export const sip2Capabilities: Capabilities = {
  loanIds: false,
  daysOut: false,
  holds: true,
  fines: "total",
  events: false,
  visits: true,
};

/** Together below what a patron at a sign-in form would wait. */
export const usualPatience: Sip2Patience = {
  connectMs: 2500,
  tlsMs: 2500,
  loginMs: 4000,
  answerMs: 5000,
  firstRestMs: 1000,
};
/** How long a question waits for a connection to be free. */
const queueMs = 4000;
/** Many loans at a slow server: then the last ones go without their due days, before the whole answer comes too late. */
const detailsMs = 8000;
const longestMs = 12_000;
/** Koha ends a connection after minutes of silence, and counts it as taken until then. */
const idleMs = 30_000;

export function makeSip2Library(options: Sip2Options): LibrarySystem {
  const { server, log } = options;
  const patient = options.patience ?? usualPatience;
  let hasToldOfSums = false;
  const onOdd = (oddity: Sip2Oddity) => {
    if (oddity !== "checksum" || hasToldOfSums) return;
    log.warn("library-system-odd", { code: oddity });
    hasToldOfSums = true;
  };
  const pool = new ConnectionPool({
    open: () => Sip2Connection.open(server, patient, onOdd),
    connections: options.connections,
    idleMs: options.idleMs ?? idleMs,
    firstRestMs: patient.firstRestMs,
  });

  /** The one place where a fault becomes a value, and is told to the log by its code. */
  async function ask<T>(work: (asking: Asking) => Promise<T>): Promise<T | Unavailable> {
    try {
      return await pool.use(queueMs, (connection) => work(askingOn(connection, options)));
    } catch (fault) {
      if (!(fault instanceof Sip2Fault)) throw fault;
      log.warn("library-system-away", { code: fault.code, step: fault.step });
      return unavailable(fault);
    }
  }

  return {
    capabilities: sip2Capabilities,
    async authenticate(card, pin) {
      if (![card, pin].every((text) => text !== "" && isSendable(text, server.encoding)))
        return { ok: false, why: "wrong-credentials" };
      return ask(async (asking) => judge(card, await askPatron(asking, { card, pin })));
    },
    readAccount: (patron) => ask((asking) => readAccount(options, asking, patron)),
    async readItem(barcode) {
      if (barcode === "" || !isSendable(barcode, server.encoding)) return { ok: true, item: null };
      return ask(async (asking) => {
        const [item] = await describeItems(options, asking, [barcode]);
        return { ok: true, item: item?.details ?? null };
      });
    },
    close: async () => pool.close(),
  };
}

/** Both answers must be there: a server that judges no PIN would let every card number in. */
function judge(card: string, { isKnown, pin, id, name }: PatronReply): Authentication {
  if (isKnown && pin === "not-judged") throw new Sip2Fault("pins-not-judged", "answer");
  if (!isKnown || pin !== "right") return { ok: false, why: "wrong-credentials" };
  return { ok: true, patron: { id: id ?? card, name } };
}

type AccountAnswer = { ok: true; account: PatronAccount } | { ok: false; why: "sign-in-again" };

async function readAccount(options: Sip2Options, asking: Asking, { id }: PatronKey): Promise<AccountAnswer> {
  const reply = await askPatron(asking, { card: id, list: "charged" });
  if (!reply.isKnown) return { ok: false, why: "sign-in-again" };
  if (reply.id !== null && reply.id.toLowerCase() !== id.toLowerCase())
    throw new Sip2Fault("out-of-step", "answer");
  const { charged, unlisted } = await askCharged(asking, id, reply);
  const ready = reply.counts.holds === 0 ? [] : (await askPatron(asking, { card: id, list: "holds" })).ready;
  const waiting =
    reply.counts.waiting === 0 ? [] : (await askPatron(asking, { card: id, list: "waiting" })).waiting;
  const named = [...charged, ...ready, ...waiting];
  const items = await describeItems(options, asking, named);
  const loans = items.slice(0, charged.length).map(loanOf);
  const holds = items.slice(charged.length).map((item, place) => holdOf(item, place < ready.length));
  const owed = reply.owedCents ?? 0;
  const fines: Fine[] = owed > 0 ? [{ title: null, cents: owed, returned: null }] : [];
  return { ok: true, account: { loans, unlistedLoans: unlisted, holds, fines } };
}

interface NamedItem {
  /** As the list named it: a barcode, or, with some servers, a title. */
  name: string;
  isBarcode: boolean;
  details: ItemDetails | null;
  dueOn: string | null;
}

async function describeItems(options: Sip2Options, asking: Asking, names: string[]): Promise<NamedItem[]> {
  const catalogued = await options.findItems(names);
  const items: NamedItem[] = [];
  for (const name of names) {
    const told = await askItem(options, asking, name);
    const isOurs = told !== null && (told.barcode ?? name).toLowerCase() === name.toLowerCase();
    const title = isOurs ? told.title : null;
    const callNumber = told?.callNumber ?? null;
    const details = catalogued.get(name) ?? (title === null ? null : detailsOf(title, callNumber));
    const isBarcode = details !== null || (told === null && !/\s/.test(name));
    items.push({ name, isBarcode, details, dueOn: isOurs ? told.dueOn : null });
  }
  return items;
}

/** Null: it could not be asked. A name with spaces is a title: one server lists those unless it is told otherwise. */
export async function askItem(options: Sip2Options, asking: Asking, name: string): Promise<ItemReply | null> {
  if (/\s/.test(name) || !isSendable(name, options.server.encoding)) return null;
  if (asking.elapsedMs() > detailsMs) return null;
  const fields = [
    ["AO", asking.institution],
    ["AB", name],
    ["AC", asking.terminalPassword],
  ] as const;
  try {
    const reply = await asking.ask({ head: `17${asking.moment}`, fields, answer: "18" });
    return readItemReply(reply, options.timeZone);
  } catch (fault) {
    if (fault instanceof Sip2Fault && fault.code === "not-understood") return null;
    throw fault;
  }
}

function detailsOf(title: string, callNumber: string | null): ItemDetails {
  return { title, author: null, recordId: null, isbn: null, format: null, callNumber, subjects: [] };
}

function loanOf({ name, isBarcode, details, dueOn }: NamedItem): CurrentLoan {
  return {
    ...(details ?? detailsOf(name, null)),
    loanId: null,
    barcode: isBarcode ? name : null,
    outOn: null,
    dueOn,
    renewals: null,
  };
}

function holdOf({ name, details }: NamedItem, isReady: boolean): Hold {
  const { title, author, recordId } = details ?? detailsOf(name, null);
  return { title, author, recordId, isReady, placedOn: null, readyOn: null };
}

export function askingOn(connection: Sip2Connection, options: Sip2Options): Asking {
  const { institution, terminalPassword, timeZone, now } = options;
  const started = performance.now();
  const elapsedMs = () => performance.now() - started;
  return {
    ask: (question) => connection.ask(question, longestMs - elapsedMs()),
    elapsedMs,
    institution,
    terminalPassword,
    moment: sip2Moment(now(), timeZone),
  };
}

/** `YYYYMMDD    HHMMSS`, local time. */
function sip2Moment(now: Date, timeZone: string): string {
  const local = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const [day = "", time = ""] = local.format(now).split(" ");
  return `${day.replaceAll("-", "")}    ${time.replaceAll(":", "")}`;
}
