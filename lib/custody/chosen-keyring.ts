/** Which keyring this library has: the file in DATA_DIR, or the database that KEYRING_DATABASE_URL names. */
import { migrateKeyringDatabase, type Separation, separationOf } from "@/db/keyring-database";
import type { Environment } from "@/lib/env";
import { databaseKeyring } from "./keyring-database";
import { fileKeyring, keyringPath } from "./keyring-file";
import type { KeyringStore } from "./keyring-store";

export type KeyringSettings = Pick<Environment, "DATA_DIR" | "KEYRING_DATABASE_URL">;

export function chooseKeyring({ DATA_DIR, KEYRING_DATABASE_URL }: KeyringSettings): KeyringStore {
  return KEYRING_DATABASE_URL ? databaseKeyring(KEYRING_DATABASE_URL) : fileKeyring(keyringPath(DATA_DIR));
}

/** Runs `work` with the chosen keyring, and lets go of it. */
export async function withKeyring<T>(
  settings: KeyringSettings,
  work: (store: KeyringStore) => Promise<T>,
): Promise<T> {
  const store = chooseKeyring(settings);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/**
 * Makes the keyring's table, if the keyring is a database and one that no backup of the library's could take along.
 * Otherwise nothing is written.
 */
export async function prepareKeyringDatabase(
  databaseUrl: string,
  { KEYRING_DATABASE_URL: url }: KeyringSettings,
): Promise<Separation> {
  if (!url) return "separate";
  const separation = await separationOf(databaseUrl, url);
  if (separation === "separate") await migrateKeyringDatabase(url);
  return separation;
}

/** For the person who chose the address. */
export const separationAdvice = {
  "same-database":
    "KEYRING_DATABASE_URL leads to the library's own database: one backup would hold both. Give the keyring a PostgreSQL server of its own.",
  "same-server":
    "KEYRING_DATABASE_URL leads to the PostgreSQL server that holds the library's database: one copy of its files, and one write-ahead log, would hold both. Give the keyring a server of its own.",
};
