/** Replaces the master: a new one wraps every vault's keys, then the old one is destroyed, and with it what older backups hold. */
import { setTimeout as sleep } from "node:timers/promises";
import { rotationLeaderLock, rotationLock } from "@/db/advisory-locks";
import type { Database, Transaction } from "@/db/connection";
import { asLeader } from "@/db/leadership";
import {
  commitToDisk,
  generationsInUse,
  lockKeysBefore,
  lockRotation,
  type PlacedKey,
  rewrapKey,
  sampleKeys,
} from "@/db/vault-keys";
import { fromB64 } from "@/lib/vault/base64";
import { type MasterKey, masterKeyFrom, unwrapKey, wrapKey } from "@/lib/vault/envelope";
import { secureRandom } from "@/lib/vault/random-bytes";
import { CustodyFault } from "./custody-fault";
import { type KeyringFile, newMaster, readKeyring, replaceKeyring } from "./keyring-file";
import { rotationDue } from "./rotation-due";

/** Where a rotation may be cut off and the next one goes on: the new master is in the file; a batch is done; all are. */
export type RotationStep = "announced" | "batch" | "rewrapped";

export interface RotationMeans {
  db: Database;
  keyringPath: string;
  /** The library's calendar day, ISO 8601. */
  today: string;
  keysPerBatch?: number;
  /** Awaited after each step. By default a pause before the old masters go. */
  afterStep?: (step: RotationStep) => Promise<void>;
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
      /** Keys that do not open under their master: damaged, or not of this library. */
      refused: number;
    }
  | { ok: false; why: "another-rotates" | "no-keyring" };

const defaultKeysPerBatch = 200;
const keysPerSample = 5;
/** A page that began before the re-wrap may still hold a key as it was, and opens it well within this. */
const pauseMs = 2_000;

/**
 * Rotates if it is due, else finishes what an interrupted rotation left, else does nothing. May be cut off anywhere:
 * a master leaves the file only when no row needs it, and only after the re-wrapped rows are on disk.
 * @throws CustodyFault `no-master` or `row-refused` when the keyring does not fit the database, `keyring-unreadable`,
 * `keyring-unwritable`. Nothing was changed then.
 */
export async function rotateMaster(means: RotationMeans): Promise<Rotation> {
  const led = await asLeader(means.db, rotationLeaderLock, () => rotate(means));
  return led.ok ? led.value : { ok: false, why: "another-rotates" };
}

async function rotate(means: RotationMeans): Promise<Rotation> {
  const { db, keyringPath, today, afterStep = pauseAtTheEnd } = means;
  const found = readKeyring(keyringPath);
  if (!found) {
    if ((await generationsInUse(db)).length > 0) throw new CustodyFault("no-master");
    return { ok: false, why: "no-keyring" };
  }
  await assertFits(db, found);
  const due = rotationDue(found, today);
  const file = due === "begin" ? await announce(means, afterStep) : found;
  const unchanged = {
    generation: file.current,
    begun: false,
    rewrapped: 0,
    destroyed: 0,
    kept: [],
    refused: 0,
  };
  if (due === "not-due") return { ok: true, ...unchanged };
  const counts = await rewrapOlderKeys(means, file, afterStep);
  await afterStep("rewrapped");
  const inUse = await generationsInUse(db);
  const masters = file.masters.filter(
    ({ generation }) => generation === file.current || inUse.includes(generation),
  );
  const destroyed = file.masters.length - masters.length;
  if (destroyed > 0) replaceKeyring(keyringPath, { ...file, masters });
  const kept = masters
    .map(({ generation }) => generation)
    .filter((generation) => generation !== file.current);
  return { ok: true, generation: file.current, begun: due === "begin", ...counts, destroyed, kept };
}

async function pauseAtTheEnd(step: RotationStep): Promise<void> {
  if (step === "rewrapped") await sleep(pauseMs);
}

/**
 * A keyring of another library, or an older copy of this one's, must not be rotated into this database. One key that
 * opens is proof enough: a damaged row must not keep the others' old masters alive.
 */
async function assertFits(db: Database, file: KeyringFile): Promise<void> {
  const generations = await generationsInUse(db);
  const masters = generations.map((generation) => ({ generation, master: masterOf(file, generation) }));
  for (const { generation, master } of masters) {
    const keys = await sampleKeys(db, generation, keysPerSample);
    if (keys.some((key) => unwrapKey(master, key, key.wrapped).ok)) return;
  }
  if (generations.length > 0) throw new CustodyFault("row-refused");
}

/** Makes the next master current while no vault is being created, so that none is created under an older one. */
async function announce(
  { db, keyringPath, today }: RotationMeans,
  afterStep: (step: RotationStep) => Promise<void>,
): Promise<KeyringFile> {
  return db.transaction(async (tx) => {
    await lockRotation(tx, rotationLock, "alone");
    const file = readKeyring(keyringPath);
    if (!file) throw new CustodyFault("keyring-unreadable");
    const generation = Math.max(...file.masters.map((master) => master.generation)) + 1;
    const next = {
      ...file,
      current: generation,
      masters: [...file.masters, newMaster(generation, today)],
    };
    replaceKeyring(keyringPath, next);
    await afterStep("announced");
    return next;
  });
}

async function rewrapOlderKeys(
  { db, keysPerBatch = defaultKeysPerBatch }: RotationMeans,
  file: KeyringFile,
  afterStep: (step: RotationStep) => Promise<void>,
): Promise<{ rewrapped: number; refused: number }> {
  const counts = { rewrapped: 0, refused: 0 };
  let last: PlacedKey | null = null;
  do {
    const after: PlacedKey | null = last;
    const batch = await db.transaction(async (tx) => {
      await commitToDisk(tx);
      const keys = await lockKeysBefore(tx, file.current, keysPerBatch, after);
      return { keys, rewrapped: await rewrapBatch(tx, file, keys) };
    });
    counts.rewrapped += batch.rewrapped;
    counts.refused += batch.keys.length - batch.rewrapped;
    last = batch.keys.at(-1) ?? null;
    if (last) await afterStep("batch");
  } while (last);
  return counts;
}

/** @returns how many were re-wrapped. A key that its master does not open stays as it is, and its master with it. */
async function rewrapBatch(tx: Transaction, file: KeyringFile, keys: PlacedKey[]): Promise<number> {
  const generation = file.current;
  const current = masterOf(file, generation);
  let rewrapped = 0;
  for (const key of keys) {
    const { vaultId, keyId } = key;
    const opened = unwrapKey(masterOf(file, key.generation), key, key.wrapped);
    if (!opened.ok) continue;
    const wrapped = wrapKey(current, { generation, vaultId, keyId }, opened.bytes, secureRandom);
    opened.bytes.fill(0);
    await rewrapKey(tx, vaultId, { keyId, generation, wrapped });
    rewrapped += 1;
  }
  return rewrapped;
}

/** @throws CustodyFault `no-master` */
function masterOf(file: KeyringFile, generation: number): MasterKey {
  const bytes = fromB64(file.masters.find((master) => master.generation === generation)?.keyB64 ?? "");
  if (bytes?.length !== 32) throw new CustodyFault("no-master");
  return masterKeyFrom(bytes);
}
