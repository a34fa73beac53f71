/** Whether the database answers. */
import { sql } from "drizzle-orm";
import type { Queryable } from "./connection";

export async function databaseAnswers(db: Queryable): Promise<boolean> {
  try {
    await db.execute(sql`select 1`);
    return true;
  } catch {
    return false;
  }
}
