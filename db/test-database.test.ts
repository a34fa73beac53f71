import { expect, test } from "vitest";
import { testDatabase } from "./test-database";

test("a test database is migrated, and what one writes another does not see", async () => {
  const [one, other] = await Promise.all([testDatabase(), testDatabase()]);
  await one.pool.query("create table only_here (id int)");
  const tables = "select count(*)::int as n from information_schema.tables where table_name = $1";
  expect((await one.pool.query(tables, ["only_here"])).rows[0].n).toBe(1);
  expect((await other.pool.query(tables, ["only_here"])).rows[0].n).toBe(0);
  expect((await other.pool.query(tables, ["vaults"])).rows[0].n).toBe(1);
});
