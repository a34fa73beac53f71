/** Where the keyring lies, who else could read it, and whether one backup would take it and the database together. */
import { realpathSync, type Stats, statSync } from "node:fs";
import { dirname, sep } from "node:path";
import { countReplicationSlots, readSettings } from "@/db/audit-facts";
import type { Database } from "@/db/connection";
import type { Separation } from "@/db/keyring-database";
import { examineSettings, settingNames } from "./postgres-settings";

export type KeyringPlace =
  | { kind: "file"; path: string }
  | { kind: "database"; db: Database; separation: Separation };

export type PlaceFault = "missing" | "others-may-read" | "folder-open-to-others" | "inside-database";

const forOthers = 0o077;
const listableOrWritableByOthers = 0o006;

/** `databaseFolder` as PostgreSQL names it; null when this user may not see it. */
export function examineKeyringPlace(path: string, databaseFolder: string | null): PlaceFault[] {
  const file = stat(path);
  if (!file) return ["missing"];
  const faults: PlaceFault[] = [];
  if ((file.mode & forOthers) !== 0) faults.push("others-may-read");
  const folder = stat(dirname(path));
  if (folder && (folder.mode & listableOrWritableByOthers) !== 0) faults.push("folder-open-to-others");
  if (databaseFolder && isInside(path, databaseFolder)) faults.push("inside-database");
  return faults;
}

function isInside(path: string, folder: string): boolean {
  return real(path).startsWith(`${real(folder)}${sep}`);
}

/** A folder of another user cannot be resolved: its name as given is the best there is. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function stat(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** What on the keyring's own server would keep a master that has been destroyed, or tell one. Empty when all is well. */
export async function examineKeyringDatabase({
  db,
  separation,
}: Extract<KeyringPlace, { kind: "database" }>): Promise<string[]> {
  const settings = await readSettings(db, [...settingNames, "wal_level"]);
  const { log, archive, durable } = examineSettings(settings);
  const level = settings.get("wal_level");
  const slots = await countReplicationSlots(db);
  return [
    ...(separation === "separate" ? [] : [separation]),
    ...log,
    ...archive,
    ...durable,
    ...(level === "minimal" ? [] : [`wal_level = ${level}`]),
    ...(slots > 0 ? [`${slots} replication slots`] : []),
  ];
}
