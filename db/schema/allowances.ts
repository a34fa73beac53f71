/** Token buckets for sign-in attempts and passphrase guesses, under keyed hashes. Rows at rest are swept. */
import { doublePrecision, pgTable, timestamp } from "drizzle-orm/pg-core";
import { bytes } from "./vault";

export const allowances = pgTable("allowances", {
  key: bytes("key").primaryKey(),
  tokens: doublePrecision("tokens").notNull(),
  refilledAt: timestamp("refilled_at", { withTimezone: true }).notNull(),
  /** When the bucket is full again and the row says nothing. */
  fullAt: timestamp("full_at", { withTimezone: true }).notNull(),
});
