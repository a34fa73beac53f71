/** An Evergreen, as the port asks for it: through its gateway or its REST interface, each patron by their own session. Reads only. */
import type { Log } from "@/lib/log";
import { HttpFault, orUnavailable } from "../http-fault";
import { HttpLine, type HttpPatience } from "../http-line";
import type {
  Authentication,
  Capabilities,
  ItemDetails,
  LibrarySystem,
  PatronAccount,
  PatronKey,
  Unavailable,
} from "../port";
import { type Circ, describe, type EvergreenLoan, fineOf, holdOf, loanOf, nameOf } from "./evergreen-objects";
import { type EvergreenTalk, eachOf, isToken, type OpenCirc, SessionEnded } from "./evergreen-talk";
import { ServerFieldOrder } from "./field-order";
import { makeGatewayTalk } from "./gateway-talk";
import { makeRestTalk } from "./rest-talk";

export interface EvergreenOptions {
  /** The server's address with the gateway; what stands before `/self` with REST. */
  base: URL;
  speaks: "gateway" | "rest";
  connections: number;
  timeZone: string;
  /** What our own catalogue knows of copies, by barcode. Unknown ones are left out. */
  findItems(barcodes: string[]): Promise<Map<string, ItemDetails>>;
  log: Pick<Log, "warn">;
  patience?: HttpPatience;
}

/** By itself Evergreen reports nothing: `integrations/evergreen` makes it. */
export const evergreenCapabilities: Capabilities = {
  loanIds: true,
  daysOut: true,
  holds: true,
  fines: "by-loan",
  events: false,
  visits: true,
};

const longestMs = 12_000;
/** Renewals of one loan that are followed to its beginning. */
const mostRenewals = 50;

export function makeEvergreenLibrary(options: EvergreenOptions): LibrarySystem {
  const { base, connections, log, patience, speaks } = options;
  const line = new HttpLine({ base, connections, ...(patience ? { patience } : {}) });
  const talk =
    speaks === "rest"
      ? makeRestTalk(line)
      : makeGatewayTalk(line, new ServerFieldOrder(line, () => performance.now()), connections);
  const deadline = () => performance.now() + longestMs;
  return {
    capabilities: evergreenCapabilities,
    async authenticate(card, pin) {
      if (card === "" || pin === "") return { ok: false, why: "wrong-credentials" };
      return ended(await untilEnded(() => orUnavailable(log, () => signIn(talk, card, pin, deadline()))));
    },
    readAccount: async (patron) => {
      const read = () => orUnavailable(log, () => readAccount(options, talk, patron, deadline()));
      return (await untilEnded(read)) ?? { ok: false, why: "sign-in-again" };
    },
    readItem: (barcode) => orUnavailable(log, () => readItem(options, talk, barcode, deadline())),
    close: async () => line.close(),
  };
}

/** Null: the patron's session is over. */
async function untilEnded<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof SessionEnded) return null;
    throw fault;
  }
}

/** A session that is over as soon as it is opened is none. */
const ended = (answer: Authentication | null): Authentication | Unavailable =>
  answer ?? { ok: false, why: "protocol" };

async function signIn(
  talk: EvergreenTalk,
  card: string,
  pin: string,
  deadline: number,
): Promise<Authentication> {
  const opened = await talk.open(card, pin, deadline);
  if (!opened.ok) return opened;
  const user = await talk.readUser(opened.token, deadline);
  return { ok: true, patron: { id: user.id, name: nameOf(user) || card }, pass: opened.token };
}

type AccountAnswer = { ok: true; account: PatronAccount } | { ok: false; why: "sign-in-again" };

async function readAccount(
  options: EvergreenOptions,
  talk: EvergreenTalk,
  { id, pass }: PatronKey,
  deadline: number,
): Promise<AccountAnswer> {
  if (pass === undefined || !isToken(pass)) return { ok: false, why: "sign-in-again" };
  const { loans, unlisted } = await talk.readLoans(pass, id, deadline);
  const whole = await eachOf(loans, options.connections, (loan) => withBeginning(talk, pass, loan, deadline));
  const [holds, bills] = [await talk.readHolds(pass, id, deadline), await talk.readBills(pass, id, deadline)];
  const barcodes = loans.map(({ copy }) => copy?.barcode ?? "").filter((each) => each !== "");
  const catalogue = await options.findItems(barcodes);
  return {
    ok: true,
    account: {
      loans: whole.map((each) => loanOf(each, catalogue, options.timeZone)),
      unlistedLoans: unlisted,
      holds: holds.map((each) => holdOf(each, options.timeZone)),
      fines: bills.map(fineOf).filter((fine) => fine !== null),
    },
  };
}

/** The circulation that a loan began with. Each renewal is a circulation of its own, with the one before as its parent. */
async function withBeginning(
  talk: EvergreenTalk,
  token: string,
  open: OpenCirc,
  deadline: number,
): Promise<EvergreenLoan> {
  const seen = new Set<string>();
  let first: Circ = open.circ;
  while (first.parent_circ && !seen.has(first.parent_circ) && seen.size < mostRenewals) {
    seen.add(first.id);
    const before = await talk.readCirc(token, first.parent_circ, deadline);
    if (!before) break;
    first = before;
  }
  return { ...open, first, renewals: seen.size };
}

async function readItem(
  { findItems }: EvergreenOptions,
  talk: EvergreenTalk,
  barcode: string,
  deadline: number,
): Promise<{ ok: true; item: ItemDetails | null }> {
  if (barcode === "") return { ok: true, item: null };
  const ours = (await findItems([barcode])).get(barcode);
  if (ours || !talk.readRecord) return { ok: true, item: ours ?? null };
  const record = await talk.readRecord(barcode, deadline);
  if (record && !record.title) throw new HttpFault("garbled", "item");
  return { ok: true, item: record && describe(record) };
}
