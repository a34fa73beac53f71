/** Creates the application's role and database in a PostgreSQL server that `npm start` brought up itself. */
import { Client } from "pg";

/** Waits for nobody: one attempt to reach the server. */
export async function answersConnections(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Makes the role `commonplace` and its database when they are missing. The role is no superuser; it owns its
 * database, may read the server's settings (for the audit) and ask for a checkpoint (for erasure).
 */
export async function createApplicationDatabase(superuserUrl: string): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const role = await client.query("select from pg_roles where rolname = 'commonplace'");
    if (role.rowCount === 0) {
      await client.query(
        "create role commonplace login createdb in role pg_checkpoint, pg_read_all_settings, pg_monitor",
      );
    }
    const database = await client.query("select from pg_database where datname = 'commonplace'");
    if (database.rowCount === 0) await client.query("create database commonplace owner commonplace");
  } finally {
    await client.end();
  }
}
