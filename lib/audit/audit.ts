/** The annual privacy audit, as far as software can see: one finding per subject, sound or in need of attention. */
import {
  countReplicationSlots,
  type FoundColumn,
  isUnlogged,
  knownColumns,
  readColumns,
  readSettings,
} from "@/db/audit-facts";
import type { Database } from "@/db/connection";
import { countOverdueLastBorrowers } from "@/db/demo-library";
import { countOverdueMarks } from "@/db/loan-marks";
import { countVaultsOutside, generationsInUse } from "@/db/vault-keys";
import { addDays } from "@/lib/circulation/library-day";
import { CustodyFault, type CustodyFaultCode } from "@/lib/custody/custody-fault";
import type { KeyringContents } from "@/lib/custody/keyring-contents";
import type { KeyringStore } from "@/lib/custody/keyring-store";
import { examineKeyringDatabase, examineKeyringPlace, type KeyringPlace } from "./keyring-place";
import { examineSettings, settingNames } from "./postgres-settings";

export type AuditSubject =
  | "vault-columns"
  | "known-columns"
  | "marks-unlogged"
  | "marks-overdue"
  | "last-borrowers-overdue"
  | "keyring-readable"
  | "master-age"
  | "masters-alive"
  | "vaults-unreadable"
  | "keyring-place"
  | "keyring-database"
  | "database-log"
  | "database-archive"
  | "database-clock"
  | "database-durable";

export interface Finding {
  subject: AuditSubject;
  ok: boolean;
  /** What was seen, such as `vault_keys.made_at` or `log_statement = all`. Empty for most sound subjects. */
  seen: string[];
}

export interface AuditMeans {
  db: Database;
  keyring: KeyringStore;
  keyringPlace: KeyringPlace;
  /** The library's calendar day, ISO 8601. */
  today: string;
}

export async function audit({ db, keyring, keyringPlace, today }: AuditMeans): Promise<Finding[]> {
  const columns = await readColumns(db);
  const settings = await readSettings(db, [...settingNames, "data_directory"]);
  const database = examineSettings(settings);
  const slots = await countReplicationSlots(db);
  const overdueMarks = await countOverdueMarks(db, today);
  const overdueBorrowers = await countOverdueLastBorrowers(db, today);
  return [
    faultsOf("vault-columns", columns.filter(tellsWhenOrWhich).map(nameOf)),
    faultsOf(
      "known-columns",
      columns.map(nameOf).filter((name) => !knownColumns.has(name)),
    ),
    faultsOf("marks-unlogged", (await isUnlogged(db, "loan_marks")) ? [] : ["loan_marks"]),
    faultsOf("marks-overdue", some(overdueMarks)),
    faultsOf("last-borrowers-overdue", some(overdueBorrowers)),
    ...(await keyringFindings(db, keyring, today)),
    keyringPlace.kind === "file"
      ? faultsOf("keyring-place", placeFaults(keyringPlace.path, settings.get("data_directory") ?? null))
      : faultsOf("keyring-database", await examineKeyringDatabase(keyringPlace)),
    faultsOf("database-log", database.log),
    faultsOf("database-archive", [...database.archive, ...(slots > 0 ? [`${slots} replication slots`] : [])]),
    faultsOf("database-clock", database.clock),
    faultsOf("database-durable", database.durable),
  ];
}

function faultsOf(subject: AuditSubject, seen: string[]): Finding {
  return { subject, ok: seen.length === 0, seen };
}

function some(count: number): string[] {
  return count > 0 ? [String(count)] : [];
}

function nameOf({ table, column }: FoundColumn): string {
  return `${table}.${column}`;
}

const clockType = /^(timestamp|date|time|interval)/;
const countingType = /^(smallint|integer|bigint|numeric)$/;
/** A mark's first day of a month, shared by many; a key's generation, the same for all after a rotation. */
const allowedOnVaults = new Set(["loan_marks.until", "vault_keys.generation"]);

/** A column on a vault's row that could tell when it was written, or in which order. */
function tellsWhenOrWhich(column: FoundColumn): boolean {
  if (!column.ofVault || (allowedOnVaults.has(nameOf(column)) && !column.fillsItself)) return false;
  return column.fillsItself || clockType.test(column.type) || countingType.test(column.type);
}

/** Without a keyring there is nothing to say of masters, except when vaults need some. */
async function keyringFindings(db: Database, store: KeyringStore, today: string): Promise<Finding[]> {
  const keyring = await readSoundKeyring(store);
  if (typeof keyring === "string") return [faultsOf("keyring-readable", [keyring])];
  const needed = await generationsInUse(db);
  if (!keyring) return needed.length > 0 ? [faultsOf("keyring-readable", ["keyring-missing"])] : [];
  const held = keyring.masters.map(({ generation }) => generation);
  return [
    faultsOf("keyring-readable", []),
    faultsOf("master-age", staleMaster(keyring, today)),
    faultsOf("masters-alive", unfittingMasters(keyring, needed)),
    faultsOf("vaults-unreadable", some(await countVaultsOutside(db, held))),
  ];
}

/** Yesterday's master is sound: midnight may have passed since the last sweep. */
function staleMaster({ masters, current }: KeyringContents, today: string): string[] {
  const master = masters.find(({ generation }) => generation === current);
  if (!master) return ["no current master"];
  return master.since >= addDays(today, -1) ? [] : [master.since];
}

function unfittingMasters(keyring: KeyringContents, needed: number[]): string[] {
  const held = keyring.masters.map(({ generation }) => generation);
  return [
    ...held
      .filter((generation) => generation !== keyring.current)
      .map((generation) => `generation ${generation} still in the keyring`),
    ...needed
      .filter((generation) => !held.includes(generation))
      .map((generation) => `generation ${generation} needed by vaults, not in the keyring`),
  ];
}

function placeFaults(path: string, databaseFolder: string | null): string[] {
  const faults: string[] = examineKeyringPlace(path, databaseFolder);
  return databaseFolder ? faults : [...faults, "database-folder-unseen"];
}

async function readSoundKeyring(store: KeyringStore): Promise<KeyringContents | CustodyFaultCode | null> {
  try {
    return await store.read();
  } catch (fault) {
    if (fault instanceof CustodyFault) return fault.code;
    throw fault;
  }
}
