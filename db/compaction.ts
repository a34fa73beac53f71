/** VACUUM FULL of the tables that forget: deleted rows leave the heap files, which DELETE alone never does. */
import { getTableName } from "drizzle-orm";
import { Client, DatabaseError } from "pg";
import { allowances } from "./schema/allowances";
import { demoHolds, demoLastBorrowers, demoLoans } from "./schema/demo-library";
import { vaultTables } from "./schema/vault";

/** What became of one table. `refused`: this user may not do it. */
export type Compaction = "done" | "busy" | "too-large" | "refused";

export interface CompactionLimits {
  /** How long to wait for a table that others use; it is skipped then. They queue behind meanwhile. */
  waitMs: number;
  /** A larger table would be closed for too long. Its deleted rows stay in the heap, under destroyed keys. */
  largestBytes: number;
}

const forgettingTables = [...vaultTables, demoLoans, demoLastBorrowers, demoHolds, allowances].map(
  getTableName,
);

/** Takes a connection of its own: VACUUM is never inside a transaction. */
export async function compactTables(
  url: string,
  { waitMs, largestBytes }: CompactionLimits,
): Promise<Record<string, Compaction>> {
  const client = new Client({ connectionString: url, application_name: "commonplace sweep" });
  await client.connect();
  try {
    await client.query("select set_config('lock_timeout', $1, false)", [String(waitMs)]);
    const outcomes: Record<string, Compaction> = {};
    for (const table of forgettingTables) outcomes[table] = await compact(client, table, largestBytes);
    return outcomes;
  } finally {
    await client.end();
  }
}

async function compact(client: Client, table: string, largestBytes: number): Promise<Compaction> {
  const before = await look(client, table);
  if (before.bytes > largestBytes) return "too-large";
  try {
    await client.query(`vacuum (full, analyze) ${client.escapeIdentifier(table)}`);
  } catch (fault) {
    if (fault instanceof DatabaseError && fault.code === lockNotAvailable) return "busy";
    throw fault;
  }
  // For a table of somebody else's, PostgreSQL only warns: a new heap file is the proof.
  return (await look(client, table)).file === before.file ? "refused" : "done";
}

const lockNotAvailable = "55P03";

async function look(client: Client, table: string): Promise<{ file: string; bytes: number }> {
  const { rows } = await client.query<{ file: string; bytes: string }>(
    "select pg_relation_filenode($1::regclass)::text as file, pg_total_relation_size($1::regclass)::text as bytes",
    [table],
  );
  return { file: rows[0]?.file ?? "", bytes: Number(rows[0]?.bytes) };
}
