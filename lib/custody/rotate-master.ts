/** Replaces the master: a new one wraps every vault's keys, then the old one is destroyed, and with it what older backups hold. */
import { setTimeout as sleep } from "node:timers/promises";
import { rotationLeaderLock, rotationLock } from "@/db/advisory-locks";
import type { Database } from "@/db/connection";
import { asLeader } from "@/db/leadership";
import { generationsInUse, lockRotation } from "@/db/vault-keys";
import { CustodyFault } from "./custody-fault";
import { type KeyringContents, newMaster } from "./keyring-contents";
import { examineFit } from "./keyring-fit";
import type { KeyringStore } from "./keyring-store";
import { rewrapOlderKeys } from "./rewrap-keys";
import { rotationDue } from "./rotation-due";

/** Where a rotation may be cut off and the next one goes on: the new master is in the keyring; a batch is done; all are. */
export type RotationStep = "announced" | "batch" | "rewrapped";

export interface RotationMeans {
  db: Database;
  keyring: KeyringStore;
  /** The library's calendar day, ISO 8601. */
  today: string;
  keysPerBatch?: number;
  /** Awaited after each step. By default a pause before the old masters go. */
  afterStep?: (step: RotationStep) => Promise<void>;
  /** Told after each batch: keys done, and how many there were to do when it began. */
  onProgress?: (done: number, total: number) => void;
}

export type Rotation =
  | {
      ok: true;
      /** The current master's generation; `begun` when it is a new one. */
      generation: number;
      begun: boolean;
      rewrapped: number;
      destroyed: number;
      /** Generations that are kept because rows still need them; the next run tries again. */
      kept: number[];
      /** Keys that do not open under the master they name, because they are damaged; and keys of unreadable vaults. */
      refused: number;
      /** Vaults under masters that were destroyed before: a restored row that nobody can open. They stop nothing. */
      unreadableVaults: number;
    }
  | { ok: false; why: "another-rotates" | "no-keyring" };

const defaultKeysPerBatch = 500;
/** A page that began before the re-wrap may still hold a key as it was, and opens it well within this. */
const pauseMs = 2_000;

/**
 * Rotates if it is due, else finishes what an interrupted rotation left, else does nothing. May be cut off anywhere:
 * a master leaves the keyring only when no row needs it, and only after the re-wrapped rows are on disk.
 * @throws CustodyFault with a `Misfit` when the keyring does not fit the database: nothing was changed then; or
 * `keyring-unreadable`, `keyring-unwritable`, `keyring-unreachable`, `keyring-changed`: the next run goes on.
 */
export async function rotateMaster(means: RotationMeans): Promise<Rotation> {
  const led = await asLeader(means.db, rotationLeaderLock, () => rotate(means));
  return led.ok ? led.value : { ok: false, why: "another-rotates" };
}

async function rotate(means: RotationMeans): Promise<Rotation> {
  const { db, keyring, today, afterStep = pauseAtTheEnd } = means;
  const found = await keyring.read();
  const fit = await examineFit(db, found);
  if (!fit.ok) throw new CustodyFault(fit.why);
  if (!found) return { ok: false, why: "no-keyring" };
  const { unreadableVaults } = fit;
  const due = rotationDue(found, today);
  if (due === "not-due") {
    const nothing = { begun: false, rewrapped: 0, destroyed: 0, kept: [], refused: 0 };
    return { ok: true, generation: found.current, ...nothing, unreadableVaults };
  }
  const contents = due === "begin" ? await announce(means, afterStep) : found;
  const counts = await rewrapOlderKeys(
    {
      db,
      keysPerBatch: means.keysPerBatch ?? defaultKeysPerBatch,
      afterBatch: () => afterStep("batch"),
      onProgress: means.onProgress ?? (() => {}),
    },
    contents,
  );
  await afterStep("rewrapped");
  const inUse = await generationsInUse(db);
  const masters = contents.masters.filter(
    ({ generation }) => generation === contents.current || inUse.includes(generation),
  );
  const destroyed = contents.masters.length - masters.length;
  if (destroyed > 0) await keyring.replace({ ...contents, masters }, contents);
  const kept = masters
    .map(({ generation }) => generation)
    .filter((generation) => generation !== contents.current);
  return {
    ok: true,
    generation: contents.current,
    begun: due === "begin",
    ...counts,
    destroyed,
    kept,
    unreadableVaults,
  };
}

async function pauseAtTheEnd(step: RotationStep): Promise<void> {
  if (step === "rewrapped") await sleep(pauseMs);
}

/** Makes the next master current while no vault is being created, so that none is created under an older one. */
async function announce(
  { db, keyring, today }: RotationMeans,
  afterStep: (step: RotationStep) => Promise<void>,
): Promise<KeyringContents> {
  return db.transaction(async (tx) => {
    await lockRotation(tx, rotationLock, "alone");
    const found = await keyring.read();
    if (!found) throw new CustodyFault("keyring-missing");
    const generation = Math.max(...found.masters.map((master) => master.generation)) + 1;
    const next = {
      ...found,
      current: generation,
      masters: [...found.masters, newMaster(generation, today)],
    };
    await keyring.replace(next, found);
    await afterStep("announced");
    return next;
  });
}
