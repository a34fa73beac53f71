import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { testDatabase } from "./test-database";

test("a connection that breaks between two statements of a transaction fails it, and ends nothing else", async () => {
  const { db, pool } = await testDatabase();
  const broken = db.transaction(async (tx) => {
    const { rows } = await tx.execute(sql`select pg_backend_pid() as pid`);
    await pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await tx.execute(sql`select 1`);
  });
  await expect(broken).rejects.toThrow();
  expect((await pool.query("select 1 as n")).rows).toEqual([{ n: 1 }]);
});
