/** Tables of the catalogue: records as they came from the library system, and their items. No patron is in here. */
import { customType, date, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";

const searchVector = customType<{ data: string }>({ dataType: () => "tsvector" });

export const records = pgTable(
  "records",
  {
    /** Kept when a record is imported again, so that addresses, loans and vault entries go on meaning it. */
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    source: text("source").notNull(),
    controlNumber: text("control_number").notNull(),
    title: text("title").notNull(),
    subtitle: text("subtitle"),
    /** The title in its own script, where the catalogue also has a romanised one. */
    originalTitle: text("original_title"),
    responsibility: text("responsibility"),
    /** As catalogues write them, surname first; the main author leads. */
    authors: text("authors").array().notNull(),
    /** ISBN-13 without hyphens, checked. */
    isbns: text("isbns").array().notNull(),
    format: text("format").notNull(),
    /** MARC language code, three letters. */
    language: text("language"),
    year: integer("year"),
    edition: text("edition"),
    publisher: text("publisher"),
    extent: text("extent"),
    series: text("series").array().notNull(),
    subjects: text("subjects").array().notNull(),
    callNumber: text("call_number"),
    summary: text("summary"),
    addedOn: date("added_on", { mode: "string" }).notNull().defaultNow(),
    /** The title's folded words without a leading article: equal means that a query is the title. */
    titleKey: text("title_key").notNull(),
    /** Folded words with positions and weights: A title and numbers, B authors, C subjects and series, D the rest. */
    words: searchVector("words").notNull(),
  },
  (table) => [
    uniqueIndex().on(table.source, table.controlNumber),
    index().using("gin", table.words),
    index().on(table.addedOn),
  ],
);

export const items = pgTable(
  "items",
  {
    barcode: text("barcode").primaryKey(),
    recordId: integer("record_id")
      .notNull()
      .references(() => records.id, { onDelete: "cascade" }),
    branch: text("branch").notNull(),
    callNumber: text("call_number"),
  },
  (table) => [index().on(table.recordId)],
);
