/** The sweep: erases what is due, replaces the master daily, and clears the tables' heaps afterwards. */
import { sweepLeaderLock } from "@/db/advisory-locks";
import { sweepAllowances } from "@/db/allowances";
import { type Compaction, compactTables } from "@/db/compaction";
import { type Database, openDatabase } from "@/db/connection";
import { clearLastBorrowers } from "@/db/demo-library";
import { asLeader } from "@/db/leadership";
import { sweepMarks } from "@/db/loan-marks";
import { clearOpenings } from "@/db/vault-openings";
import { CustodyFault, type CustodyFaultCode } from "@/lib/custody/custody-fault";
import { openKeyring } from "@/lib/custody/keyring";
import type { KeyringStore } from "@/lib/custody/keyring-store";
import { type Rotation, rotateMaster } from "@/lib/custody/rotate-master";
import { type LetGo, letGoOfUnopened } from "@/lib/custody/vault-openings";
import { dueForErasure } from "./due";

export interface SweepMeans {
  databaseUrl: string;
  keyring: KeyringStore;
  now: Date;
  /** The library's calendar day at `now`. */
  today: string;
  /** Whether tables may be closed for a moment now. If not, what a rotation leaves in their files waits for the next one. */
  mayCompact: boolean;
  /** After how many whole months an unopened vault is let go; 0: never. */
  unopenedVaultMonths: number;
  /** Told while vault keys are wrapped anew. */
  onProgress?: (done: number, total: number) => void;
}

export type SweepOutcome =
  | {
      ok: true;
      lastBorrowers: number;
      marks: number;
      allowances: number;
      /** Null unless the library lets go of unopened vaults and a master was replaced: once a day. */
      unopened: LetGo | null;
      /** Null when none was due. */
      rotation: Rotation | { ok: false; why: CustodyFaultCode } | null;
      /** By table; empty unless a master was replaced. */
      compaction: Record<string, Compaction>;
    }
  | { ok: false; why: "another-sweeps" };

const compactionLimits = { waitMs: 3_000, largestBytes: 512 * 1024 * 1024 };

/**
 * Does everything that is due, once, however many processes ask. What the keyring refuses is told and stops nothing else.
 * @throws when the database fails; the next sweep goes on where this one ended.
 */
export async function sweep(means: SweepMeans): Promise<SweepOutcome> {
  // The leader's, the rotation's leader's, the rotation's own.
  const { db, close } = openDatabase(means.databaseUrl, 3);
  try {
    const led = await asLeader(db, sweepLeaderLock, () => sweepAsLeader(db, means));
    return led.ok ? led.value : { ok: false, why: "another-sweeps" };
  } finally {
    await close();
  }
}

async function sweepAsLeader(db: Database, means: SweepMeans): Promise<SweepOutcome> {
  const { databaseUrl, keyring, today, onProgress = nobodyWatches } = means;
  const rowsDue = dueForErasure(null, means);
  const lastBorrowers = await clearLastBorrowers(db, rowsDue.lastBorrowersThrough);
  const marks = await sweepMarks(db, rowsDue.marksThrough);
  const allowances = await sweepAllowances(db, rowsDue.allowancesFullBefore);
  const rotation = await refusalsAsValues(async () => {
    const contents = await keyring.read();
    const { master } = dueForErasure(contents, means);
    return contents && master === "not-due" ? null : rotateMaster({ db, keyring, today, onProgress });
  });
  const unopened = await sweepUnopened(db, means, rotation?.ok === true && rotation.begun);
  const compaction =
    rotation?.ok && means.mayCompact ? await compactTables(databaseUrl, compactionLimits) : {};
  return { ok: true, lastBorrowers, marks, allowances, unopened, rotation, compaction };
}

/** Without the rule no month of anybody's opening is kept. */
async function sweepUnopened(
  db: Database,
  { keyring, today, unopenedVaultMonths: months }: SweepMeans,
  isTheDays: boolean,
): Promise<LetGo | null> {
  if (months === 0) await clearOpenings(db);
  if (months === 0 || !isTheDays) return null;
  return letGoOfUnopened({ db, keyring: await openKeyring(keyring, today) }, { months, today });
}

const nobodyWatches = () => {};

async function refusalsAsValues<T>(
  work: () => Promise<T>,
): Promise<T | { ok: false; why: CustodyFaultCode }> {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof CustodyFault) return { ok: false, why: fault.code };
    throw fault;
  }
}
