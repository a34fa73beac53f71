/** Tables of the bundled demo library: what a small circulation system would keep under the policy's 3.3 and 3.4. */
import { sql } from "drizzle-orm";
import { date, index, integer, pgTable, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";

export const demoPatrons = pgTable("demo_patrons", {
  card: text("card").primaryKey(),
  name: text("name").notNull(),
  pinHash: text("pin_hash").notNull(),
  failedSignIns: integer("failed_sign_ins").notNull().default(0),
  lockedUntil: timestamp("locked_until", { withTimezone: true }),
});

/** A loan out, or a returned one that is kept until its fine is paid. Any other returned loan has no row. */
export const demoLoans = pgTable(
  "demo_loans",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    card: text("card")
      .notNull()
      .references(() => demoPatrons.card),
    barcode: text("barcode").notNull(),
    outOn: date("out_on", { mode: "string" }).notNull(),
    dueOn: date("due_on", { mode: "string" }).notNull(),
    renewals: integer("renewals").notNull().default(0),
    returnedOn: date("returned_on", { mode: "string" }),
    fineCents: integer("fine_cents").notNull().default(0),
  },
  (table) => [
    index().on(table.card),
    // One loan at a time: of two desks that check out the same item, one wins.
    uniqueIndex("demo_loans_one_out").on(table.barcode).where(sql`returned_on is null`),
  ],
);

/** The policy's admitted exception: the last borrower, tied to the item, cleared by the next loan or after some days. */
export const demoLastBorrowers = pgTable("demo_last_borrowers", {
  barcode: text("barcode").primaryKey(),
  card: text("card")
    .notNull()
    .references(() => demoPatrons.card),
  clearOn: date("clear_on", { mode: "string" }).notNull(),
});

export const demoHolds = pgTable(
  "demo_holds",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    card: text("card")
      .notNull()
      .references(() => demoPatrons.card),
    recordId: integer("record_id").notNull(),
    placedOn: date("placed_on", { mode: "string" }).notNull(),
    readyOn: date("ready_on", { mode: "string" }),
  },
  (table) => [uniqueIndex().on(table.recordId, table.card), index().on(table.card)],
);
