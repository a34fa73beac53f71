/** Writes the catalogue: records and their items, a batch at a time. */
import { getTableColumns, inArray, sql } from "drizzle-orm";
import { DatabaseError } from "pg";
import type { Queryable } from "./connection";
import { items, records } from "./schema/catalogue";
import { searchVector, titleKey } from "./search-words";

export interface NewItem {
  barcode: string;
  branch: string;
  callNumber: string | null;
}

/** A record as an importer hands it over. `controlNumber` is unique within its `source`. */
export interface NewRecord
  extends Omit<typeof records.$inferInsert, "id" | "addedOn" | "titleKey" | "words"> {
  items: NewItem[];
  /** Found by a search and not shown: other titles, other forms of a number, contents, notes. */
  alsoFound: { titles: string[]; authors: string[]; numbers: string[]; notes: string[] };
}

export interface Upserted {
  added: number;
  updated: number;
}

/** Adds records and brings known ones up to date; a record keeps its id, its items become those given. */
export async function upsertRecords(db: Queryable, batch: NewRecord[]): Promise<Upserted> {
  const last = new Map(batch.map((record) => [`${record.source}\n${record.controlNumber}`, record]));
  if (last.size === 0) return { added: 0, updated: 0 };
  return db.transaction(async (tx) => {
    const rows = await tx
      .insert(records)
      .values([...last.values()].map(rowOf))
      .onConflictDoUpdate({ target: [records.source, records.controlNumber], set: replaced })
      .returning({
        id: records.id,
        source: records.source,
        controlNumber: records.controlNumber,
        added: sql<boolean>`xmax = 0`,
      });
    const ids = new Map(rows.map((row) => [`${row.source}\n${row.controlNumber}`, row.id]));
    await replaceItems(
      tx,
      [...last].flatMap(([key, record]) => {
        const recordId = ids.get(key);
        return recordId === undefined ? [] : record.items.map((item) => ({ ...item, recordId }));
      }),
      rows.filter((row) => !row.added).map((row) => row.id),
    );
    const added = rows.filter((row) => row.added).length;
    return { added, updated: batch.length - added };
  });
}

async function replaceItems(db: Queryable, given: Array<typeof items.$inferInsert>, known: number[]) {
  if (known.length > 0) await db.delete(items).where(inArray(items.recordId, known));
  const last = new Map(given.map((item) => [item.barcode, item]));
  if (last.size === 0) return;
  await db
    .insert(items)
    .values([...last.values()])
    .onConflictDoUpdate({
      target: items.barcode,
      set: {
        recordId: sql`excluded.record_id`,
        branch: sql`excluded.branch`,
        callNumber: sql`excluded.call_number`,
      },
    });
}

const {
  id: _id,
  source: _source,
  controlNumber: _number,
  addedOn: _added,
  ...content
} = getTableColumns(records);
const replaced = Object.fromEntries(
  Object.entries(content).map(([name, column]) => [name, sql.raw(`excluded.${column.name}`)]),
);

function rowOf({ items: _items, alsoFound, ...record }: NewRecord): typeof records.$inferInsert {
  const titles = [record.title, record.subtitle ?? "", record.originalTitle ?? "", ...alsoFound.titles];
  const words = searchVector([
    ...titles.map((title) => ["A", title] as const),
    ...[...record.isbns, ...alsoFound.numbers].map((number) => ["A", number] as const),
    ...[...record.authors, ...alsoFound.authors].map((author) => ["B", author] as const),
    ...[...record.series, ...record.subjects].map((subject) => ["C", subject] as const),
    ...[record.responsibility, record.publisher, record.callNumber, record.summary, ...alsoFound.notes].map(
      (text) => ["D", text ?? ""] as const,
    ),
  ]);
  return { ...record, titleKey: titleKey(record.title), words };
}

/** True when PostgreSQL refused what a record holds (SQLSTATE classes 22, 23 and 54), not when it is out of reach. */
export function isDataFault(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof DatabaseError && /^(?:22|23|54)/u.test(cause.code ?? "");
}
