/** The one table of the keyring's own database. It has nothing to do with the schema of the library's. */
import { sql } from "drizzle-orm";
import { boolean, check, pgTable, text } from "drizzle-orm/pg-core";

export const keyring = pgTable(
  "commonplace_keyring",
  {
    /** Always true: there is one row or none. */
    only: boolean("only").primaryKey().default(true),
    document: text("document").notNull(),
  },
  (table) => [check("commonplace_keyring_is_one", sql`${table.only}`)],
);
