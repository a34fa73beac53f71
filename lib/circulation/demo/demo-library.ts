/** The bundled demo library as a library system: signs its patrons in and reads their accounts, live. */
import { readItem, readItems, readRecord } from "@/db/catalogue";
import type { Database } from "@/db/connection";
import {
  countWrongPin,
  forgetWrongPins,
  readHolds,
  readOpenLoans,
  readPatron,
  readUnpaidLoans,
} from "@/db/demo-library";
import { describeItem } from "../catalogued-item";
import type {
  Authentication,
  Capabilities,
  CurrentLoan,
  Fine,
  Hold,
  ItemDetails,
  LibrarySystem,
  PatronAccount,
} from "../port";
import { fineCents } from "./lending-rules";
import { checkPin } from "./pin-hash";

export const wrongPinsBeforeLock = 10;
export const lockMinutes = 15;

export interface DemoLibraryOptions {
  db: Database;
  now(): Date;
  /** The library's calendar day at this moment. */
  today(): string;
}

/** Its desk hands every event to the intake itself, so an open history has nothing to ask. */
export const demoCapabilities: Capabilities = {
  loanIds: true,
  daysOut: true,
  holds: true,
  fines: "by-loan",
  events: true,
  visits: false,
};

export function makeDemoLibrary({ db, now, today }: DemoLibraryOptions): LibrarySystem {
  return {
    capabilities: demoCapabilities,
    authenticate: (card, pin) => authenticate(db, card, pin, now()),
    readAccount: async ({ id }) => ({ ok: true, account: await readAccount(db, id, today()) }),
    async readItem(barcode) {
      const item = await readItem(db, barcode);
      return { ok: true, item: item && describeItem(item) };
    },
    close: async () => {},
  };
}

function unknownItem(barcode: string): ItemDetails {
  return {
    title: barcode,
    author: null,
    recordId: null,
    isbn: null,
    format: null,
    callNumber: null,
    subjects: [],
  };
}

/** The PIN is hashed in every case, so that an unknown or locked card takes as long as a known one. */
async function authenticate(db: Database, card: string, pin: string, now: Date): Promise<Authentication> {
  // PostgreSQL holds no zero byte, and its driver's fault would quote the card.
  if (card.includes("\0")) return { ok: false, why: "wrong-credentials" };
  const patron = await readPatron(db, card);
  const matches = await checkPin(pin, patron?.pinHash ?? null);
  if (patron === null) return { ok: false, why: "wrong-credentials" };
  // Also for the right PIN: a lock that gave way to it would go on answering guesses.
  if (patron.lockedUntil !== null && patron.lockedUntil > now) return { ok: false, why: "locked" };
  if (!matches) {
    await countWrongPin(db, card, wrongPinsBeforeLock, new Date(now.getTime() + lockMinutes * 60_000));
    return { ok: false, why: "wrong-credentials" };
  }
  await forgetWrongPins(db, card);
  return { ok: true, patron: { id: card, name: patron.name } };
}

async function readAccount(db: Database, card: string, today: string): Promise<PatronAccount> {
  const [open, unpaid, holds] = await Promise.all([
    readOpenLoans(db, card),
    readUnpaidLoans(db, card),
    readHolds(db, card),
  ]);
  const items = await readItems(
    db,
    [...open, ...unpaid].map((loan) => loan.barcode),
  );
  const byBarcode = new Map(items.map((item) => [item.barcode, item]));
  const titleOf = (barcode: string) => byBarcode.get(barcode)?.title ?? barcode;

  const loans = open.map((loan): CurrentLoan => {
    const item = byBarcode.get(loan.barcode);
    return {
      ...(item ? describeItem(item) : unknownItem(loan.barcode)),
      loanId: loan.id,
      barcode: loan.barcode,
      outOn: loan.outOn,
      dueOn: loan.dueOn,
      renewals: loan.renewals,
    };
  });
  const growing = open.map((loan): Fine => {
    return { title: titleOf(loan.barcode), cents: fineCents(loan.dueOn, today), returned: false };
  });
  const settled = unpaid.map((loan): Fine => {
    return { title: titleOf(loan.barcode), cents: loan.fineCents, returned: true };
  });
  const fines = [...settled, ...growing.filter((fine) => fine.cents > 0)];
  return {
    loans,
    unlistedLoans: 0,
    fines,
    holds: await Promise.all(holds.map((hold) => nameHold(db, hold))),
  };
}

async function nameHold(db: Database, hold: Awaited<ReturnType<typeof readHolds>>[number]): Promise<Hold> {
  const record = await readRecord(db, hold.recordId);
  return {
    title: record?.title ?? String(hold.recordId),
    author: record?.authors[0] ?? null,
    recordId: record ? hold.recordId : null,
    isReady: hold.readyOn !== null,
    placedOn: hold.placedOn,
    readyOn: hold.readyOn,
  };
}
