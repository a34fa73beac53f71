/** Takes loan events, seals those of patrons with a vault, forgets the others. Nothing is queued, logged or kept before it is sealed. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Database, Transaction } from "@/db/connection";
import { clearMarks, findMarks, findVaultIds, setMarks } from "@/db/vaults";
import type { Keyring } from "@/lib/custody/keyring";
import { type InboxDelivery, openInboxes } from "@/lib/custody/inbox";
import { loanMark } from "@/lib/vault/loan-mark";
import { patronHandle } from "@/lib/vault/patron-handle";
import { answerAfterMs } from "./answer-time";
import type { LoanEvent } from "./loan-event";
import { markExpiry } from "./mark-expiry";
import { makeSealPool, type SealPool } from "./seal-pool";

export interface Intake {
  /**
   * Seals and stores the events in one transaction; when the promise resolves, they are on disk.
   * Repeats and any order are fine. Takes as long for a patron without a vault as for one with.
   * @throws when the database or a sealing thread fails: nothing of the batch is then kept, and it may be sent again.
   */
  take(events: LoanEvent[]): Promise<void>;
  close(): Promise<void>;
}

interface IntakeParts {
  /** A pool of its own, so that long batches never take the pages' connections. */
  db: Database;
  keyring: Keyring;
  pool?: SealPool;
}

export function makeIntake({ db, keyring, pool = makeSealPool(keyring.intakeSecretKey) }: IntakeParts): Intake {
  return {
    async take(events) {
      const started = performance.now();
      if (events.length > 0) await db.transaction((tx) => takeBatch(tx, keyring, pool, events));
      const elapsed = performance.now() - started;
      await wait(answerAfterMs(events.length, pool.threads, elapsed) - elapsed);
    },
    close: () => pool.close(),
  };
}

interface MarkedEvent {
  event: LoanEvent;
  hash: Uint8Array;
  /** The vault whose mark this loan has. */
  markedBy: string | null;
}

async function takeBatch(tx: Transaction, keyring: Keyring, pool: SealPool, events: LoanEvent[]): Promise<void> {
  const marked = await matchMarks(tx, keyring, events);
  const groups = await groupByVault(tx, keyring, marked);
  const inboxes = await openInboxes(tx, keyring, [...groups.values()].flatMap(({ vaultId }) => vaultId ?? []));
  await Promise.all(
    [...groups.values()].map(async ({ vaultId, events: own }) => {
      const inbox = vaultId === null ? undefined : inboxes.find((open) => open.vaultId === vaultId);
      // Without a vault the same work is done for nobody: see answer-time.ts.
      await (inbox ?? inboxes.decoy()).deliver(own.map(toDelivery), pool.seal);
    }),
  );
  await inboxes.save(tx);
  await moveMarks(tx, [...groups.values()].filter(({ vaultId }) => inboxes.some((open) => open.vaultId === vaultId)));
}
