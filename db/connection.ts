/** The one way to the database: a pool, a drizzle handle, transactions. */
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool } from "pg";

export type Database = NodePgDatabase;
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** Query functions take either, so that a caller can join several in one transaction. */
export type Queryable = Database | Transaction;

export interface OpenDatabase {
  db: Database;
  pool: Pool;
  close(): Promise<void>;
}

/** Opens a pool on a PostgreSQL connection string; a unix socket is `postgresql://user@/name?host=/folder`. */
export function openDatabase(url: string, maxConnections = 10): OpenDatabase {
  const pool = new Pool({ connectionString: url, max: maxConnections, application_name: "commonplace" });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => {});
  // Nor may one that breaks in the middle of a transaction: the statement's own rejection tells it.
  pool.on("connect", (client) => client.on("error", () => {}));
  return { db: drizzle(pool), pool, close: () => pool.end() };
}
