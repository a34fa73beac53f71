/** Looks into the running server's database from outside the application, as a curious administrator could. */
import { Client } from "pg";

/** One statement on one connection. */
export async function sql(
  url: string,
  statement: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  // A killed server breaks the connection: the query's own rejection tells it.
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
