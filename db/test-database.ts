/** A migrated PostgreSQL database of its own for one test file, cleaned up when the file is done. */
import { randomUUID } from "node:crypto";
import { afterAll } from "vitest";
import { type OpenDatabase, openDatabase } from "./connection";
import { runStatement, templateName } from "./test-template";

/** The address of the template's server, told by `scripts/test-postgres.ts`. */
const serverVariable = "COMMONPLACE_TEST_POSTGRES";

export interface TestDatabase extends OpenDatabase {
  url: string;
}

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** The address of a database without any table of ours, gone when the file is done. */
export async function emptyDatabase(): Promise<string> {
  return createDatabase("template0");
}

async function createDatabase(template: string): Promise<string> {
  const server = process.env[serverVariable];
  if (!server) throw new Error("No test server: vitest starts it by scripts/test-postgres.ts.");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await runStatement(server, `create database ${name} template ${template} strategy file_copy`);
  cleanups.push(() => runStatement(server, `drop database ${name} with (force)`));
  return server.replace("/commonplace?", `/${name}?`);
}

/** Call it in `beforeAll`, or in a test that needs an empty database. */
export async function testDatabase(): Promise<TestDatabase> {
  const url = await createDatabase(templateName);
  const database = openDatabase(url);
  let isOpen = true;
  const close = async () => {
    if (isOpen) await database.close();
    isOpen = false;
  };
  cleanups.unshift(close);
  return { ...database, url, close };
}
