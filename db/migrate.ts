/** Brings the schema up to date. Safe when several servers start together: an advisory lock lets one through. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";
import { migrationLock } from "./advisory-locks";

/** Not `new URL(…, import.meta.url)`: a bundler takes that for a file of its own to find. */
export function folderBeside(fileUrl: string, ...path: string[]): string {
  return join(dirname(fileURLToPath(fileUrl)), ...path);
}

export async function migrateDatabase(
  url: string,
  migrationsFolder = folderBeside(import.meta.url, "migrations"),
): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}
