/** Takes loan events, seals those of patrons with a vault, forgets the others. Nothing is queued, logged or kept unsealed. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Database, Transaction } from "@/db/connection";
import { clearMarks, findMarks, type LoanMark, setMarks } from "@/db/loan-marks";
import { findVaultIds } from "@/db/vaults";
import { handleOf } from "@/lib/custody/custody";
import { type OpenInbox, openInboxes } from "@/lib/custody/inbox";
import type { Keyring } from "@/lib/custody/keyring";
import type { Log } from "@/lib/log";
import { loanMark } from "@/lib/vault/loan-mark";
import { newDecoyRecipient } from "@/lib/vault/recipient";
import { answerAfterMs } from "./answer-time";
import { loanEntries } from "./loan-entries";
import type { LoanEvent } from "./loan-event";
import { markExpiry } from "./mark-expiry";
import type { SealJob } from "./seal.worker";
import type { SealPool } from "./seal-pool";

export interface Intake {
  /**
   * Seals and stores the events in one transaction: when the promise resolves, they are on disk.
   * Repeats and any order are fine. Takes as long for a patron without a vault as for one with.
   * @throws when the database or a sealing thread fails: then nothing is kept, and all may be sent again.
   */
  take(events: LoanEvent[]): Promise<void>;
}

interface IntakeParts {
  /** With connections of its own, so that long batches never take the pages'. */
  db: Database;
  keyring: Keyring;
  pool: SealPool;
  /** Told when a vault was left out; never whose, nor of what. */
  log?: Pick<Log, "warn">;
  /** Waits until it is time to answer. A measure of the work alone gives one that does not wait. */
  pause?: (millis: number) => Promise<void>;
}

export function makeIntake({ db, keyring, pool, log, pause = wait }: IntakeParts): Intake {
  const decoyRecipient = newDecoyRecipient();
  return {
    async take(events) {
      const started = performance.now();
      const decoy = await decoyRecipient;
      const leftOut = await db.transaction((tx) => takeBatch(tx, keyring, pool, decoy, events));
      if (leftOut > 0) log?.warn("intake-failed", { code: "vault-refused", count: leftOut });
      const elapsed = performance.now() - started;
      await pause(answerAfterMs(events.length, pool.threads, elapsed) - elapsed);
    },
  };
}

interface MarkedEvent {
  event: LoanEvent;
  mark: Uint8Array;
  /** The mark that its loan has, and in whose vault. */
  known: LoanMark | undefined;
}

/** Events of one vault; or of one patron, or one loan, that has none. */
interface Group {
  vaultId: string | undefined;
  members: MarkedEvent[];
}

/** @returns how many vaults were left out because they are damaged. */
async function takeBatch(
  tx: Transaction,
  keyring: Keyring,
  pool: SealPool,
  decoyRecipient: string,
  events: LoanEvent[],
): Promise<number> {
  const groups = await groupEvents(tx, keyring, await matchMarks(tx, keyring, events));
  const wanted = groups.flatMap(({ vaultId }) => vaultId ?? []);
  const inboxes = await openInboxes(tx, keyring, wanted);
  const batches = await Promise.all(
    groups.map(async ({ vaultId, members }) => {
      const inbox = inboxes.find((open) => open.vaultId === vaultId);
      const fresh = members.filter(isNews);
      if (inbox && fresh.length === 0) return null;
      const batch = await pool.seal(inbox ? jobFor(inbox, fresh) : decoyJob(decoyRecipient, members));
      return inbox ? { inbox, members, ...batch } : null;
    }),
  );
  // Only now that every seal is there: one that came after another's failure would be stored by a connection
  // whose transaction has ended.
  for (const batch of batches) {
    if (!batch) continue;
    await batch.inbox.store(tx, batch.sealed, batch.tail);
    await moveMarks(tx, batch.inbox, batch.members);
  }
  return wanted.length - inboxes.length;
}

function jobFor(inbox: OpenInbox, members: MarkedEvent[]): SealJob {
  const entries = loanEntries(
    inbox,
    members.map(({ event }) => event),
  );
  return { recipient: inbox.recipient, tail: inbox.tail, entries };
}

/** A checkout seen before is a repeat. Repeats of the others are sealed: the browser merges them by entry id. */
function isNews({ event, known }: MarkedEvent): boolean {
  return event.type !== "checkout" || !known?.checkoutSeen;
}

/** The same work for nobody, so that the time it takes says nothing. */
function decoyJob(recipient: string, members: MarkedEvent[]): SealJob {
  const nobody = { vaultId: randomUUID(), entryKey: null };
  return {
    recipient,
    tail: new Uint8Array(32),
    entries: loanEntries(
      nobody,
      members.map(({ event }) => event),
    ),
  };
}

async function matchMarks(tx: Transaction, keyring: Keyring, events: LoanEvent[]): Promise<MarkedEvent[]> {
  const markKey = keyring.derivedKey("mark");
  const marked = events.map((event) => ({ event, mark: loanMark(markKey, event.loan) }));
  const found = await findMarks(
    tx,
    marked.map(({ mark }) => mark),
  );
  const marks = new Map(found.map((known) => [hex(known.hash), known]));
  return marked.map((one) => ({ ...one, known: marks.get(hex(one.mark)) }));
}

async function groupEvents(tx: Transaction, keyring: Keyring, marked: MarkedEvent[]): Promise<Group[]> {
  const patrons = [...new Set(marked.flatMap(({ event }) => event.patron ?? []))];
  const handles = patrons.map((patron) => ({ patron, handle: handleOf(keyring, patron) }));
  const vaults = await findVaultIds(
    tx,
    handles.map(({ handle }) => handle),
  );
  const vaultOfHandle = new Map(vaults.map(({ handle, id }) => [hex(handle), id]));
  const vaultOfPatron = new Map(
    handles.map(({ patron, handle }) => [patron, vaultOfHandle.get(hex(handle))]),
  );
  const patronOfLoan = new Map(
    marked.flatMap(({ event }) => (event.patron === undefined ? [] : [[event.loan, event.patron] as const])),
  );
  const groups = new Map<string, Group>();
  for (const one of marked) {
    const { loan } = one.event;
    // A return without a patron belongs to whoever borrowed in this batch; else the mark kept since its checkout says.
    const patron = one.event.patron ?? patronOfLoan.get(loan);
    const vaultId = patron === undefined ? one.known?.vaultId : vaultOfPatron.get(patron);
    const name = vaultId ?? `${patron === undefined ? "loan" : "patron"} ${patron ?? loan}`;
    const group = groups.get(name) ?? { vaultId, members: [] };
    group.members.push(vaultId === one.known?.vaultId ? one : { ...one, known: undefined });
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** A loan returned anywhere in the batch has no mark after it, in whatever order its events came. */
async function moveMarks(tx: Transaction, inbox: OpenInbox, members: MarkedEvent[]): Promise<void> {
  const returned = new Set(
    members.filter(({ event }) => event.type === "return").map(({ event }) => event.loan),
  );
  const out = new Map<string, LoanMark & { until: string }>();
  for (const { event, mark } of members) {
    if (event.type === "return" || returned.has(event.loan)) continue;
    out.set(event.loan, {
      hash: mark,
      vaultId: inbox.vaultId,
      checkoutSeen: event.type === "checkout" || out.get(event.loan)?.checkoutSeen === true,
      until: markExpiry(event.day, event.due),
    });
  }
  await setMarks(tx, [...out.values()]);
  await clearMarks(
    tx,
    inbox.vaultId,
    members.filter(({ event }) => returned.has(event.loan)).map(({ mark }) => mark),
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
