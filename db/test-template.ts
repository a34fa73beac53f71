/** The migrated database that every test database is copied from. */
import { Client } from "pg";
import { migrateDatabase } from "./migrate";

export const templateName = "commonplace_template";

/** Makes the template on the test run's server, once. */
export async function createTemplate(serverUrl: string): Promise<void> {
  await runStatement(serverUrl, `create database ${templateName}`);
  await migrateDatabase(serverUrl.replace("/commonplace?", `/${templateName}?`));
}

/** Runs one statement that cannot be inside a transaction, such as `create database`. */
export async function runStatement(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
