/** Reads the catalogue: search, one record with its items, one item for the desk. */
import { desc, eq, inArray, sql } from "drizzle-orm";
import { DatabaseError } from "pg";
import type { Queryable } from "./connection";
import { items, records } from "./schema/catalogue";
import { type Match, parseSearch } from "./search-query";

const briefColumns = {
  id: records.id,
  title: records.title,
  subtitle: records.subtitle,
  originalTitle: records.originalTitle,
  authors: records.authors,
  year: records.year,
  isbns: records.isbns,
  format: records.format,
  language: records.language,
  callNumber: records.callNumber,
};

/** A record as a list shows it. */
export interface BriefRecord {
  id: number;
  title: string;
  subtitle: string | null;
  originalTitle: string | null;
  authors: string[];
  year: number | null;
  isbn: string | null;
  format: string;
  language: string | null;
  callNumber: string | null;
}

export interface FoundRecords {
  total: number;
  items: BriefRecord[];
  /** "all": every word was found; "beginning": the last word is a beginning; "some": no record has all the words. */
  match: Match;
}

/** D, C, B, A: the rest, subjects and series, authors, title. */
const weights = "{0.05, 0.2, 0.5, 1}";

/** Records for what a reader typed, best first. Any string is fine. The words are not kept anywhere. */
export async function searchCatalogue(
  db: Queryable,
  search: { q: string; limit: number; offset: number },
): Promise<FoundRecords> {
  const query = parseSearch(search.q);
  for (const { match, tsquery } of query.attempts) {
    const { total, ids } = await findRecords(db, tsquery, query.titleKey, search.limit, search.offset);
    if (total > 0) return { total, items: await readBriefRecords(db, ids), match };
  }
  return { total: 0, items: [], match: "all" };
}

async function findRecords(db: Queryable, tsquery: string, titleKey: string, limit: number, offset: number) {
  const found = sql`
    with found as materialized (
      select id, year, title_key, ts_rank(${weights}::float4[], words, ${tsquery}::tsquery) as rank
      from records where words @@ ${tsquery}::tsquery
    )
    select (select count(*)::int from found) as total, array(
      select id from found
      order by title_key = ${titleKey} desc, starts_with(title_key, ${`${titleKey} `}) desc,
        rank desc, year desc nulls last, id
      limit ${limit} offset ${offset}
    ) as ids`;
  try {
    const { rows } = await db.execute<{ total: number; ids: number[] }>(found);
    return rows[0] ?? { total: 0, ids: [] };
  } catch (fault) {
    throw new CatalogueError("search-failed", sqlStateOf(fault));
  }
}

/** [Note: a fault without a cause] The driver's faults quote the query's values: what somebody searched for. */
export class CatalogueError extends Error {
  constructor(
    readonly code: "search-failed",
    readonly sqlState: string | null,
  ) {
    super(`The catalogue could not be searched (${sqlState ?? "no answer"}).`);
    this.name = "CatalogueError";
  }
}

function sqlStateOf(fault: unknown): string | null {
  const cause = fault instanceof Error ? fault.cause : undefined;
  return cause instanceof DatabaseError ? (cause.code ?? null) : null;
}

async function readBriefRecords(db: Queryable, ids: number[]): Promise<BriefRecord[]> {
  if (ids.length === 0) return [];
  const rows = await db.select(briefColumns).from(records).where(inArray(records.id, ids));
  const byId = new Map(rows.map((row) => [row.id, briefRecord(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function briefRecord({ isbns, ...row }: Omit<BriefRecord, "isbn"> & { isbns: string[] }): BriefRecord {
  return { ...row, isbn: isbns[0] ?? null };
}

/** One record with its items, or null. */
export async function readRecord(db: Queryable, id: number) {
  if (!Number.isInteger(id) || id < 1 || id > 2_147_483_647) return null;
  const [record] = await db
    .select({
      ...briefColumns,
      responsibility: records.responsibility,
      edition: records.edition,
      publisher: records.publisher,
      extent: records.extent,
      series: records.series,
      subjects: records.subjects,
      summary: records.summary,
      addedOn: records.addedOn,
    })
    .from(records)
    .where(eq(records.id, id));
  if (record === undefined) return null;
  const itemRows = await db
    .select({ barcode: items.barcode, branch: items.branch, callNumber: items.callNumber })
    .from(items)
    .where(eq(items.recordId, id))
    .orderBy(items.branch, items.barcode);
  return { ...record, items: itemRows };
}

export type FullRecord = NonNullable<Awaited<ReturnType<typeof readRecord>>>;

/** An item with what a loan of it should say about its record, or null for an unknown barcode. */
export async function readItem(db: Queryable, barcode: string) {
  const [row] = await readItems(db, [barcode]);
  return row ?? null;
}

/** Several items at once, in no particular order; unknown barcodes are left out. */
export async function readItems(db: Queryable, barcodes: string[]) {
  const known = barcodes.filter((barcode) => !barcode.includes("\0"));
  if (known.length === 0) return [];
  const rows = await db
    .select({
      barcode: items.barcode,
      branch: items.branch,
      recordId: items.recordId,
      title: records.title,
      authors: records.authors,
      isbns: records.isbns,
      format: records.format,
      subjects: records.subjects,
      callNumber: sql<string | null>`coalesce(${items.callNumber}, ${records.callNumber})`,
    })
    .from(items)
    .innerJoin(records, eq(records.id, items.recordId))
    .where(inArray(items.barcode, known));
  return rows.map(({ isbns, ...row }) => ({ ...row, isbn: isbns[0] ?? null }));
}

export type ItemWithRecord = NonNullable<Awaited<ReturnType<typeof readItem>>>;

/** The records that came last, for the shelf of new titles. */
export async function newestRecords(db: Queryable, limit: number): Promise<BriefRecord[]> {
  const rows = await db
    .select(briefColumns)
    .from(records)
    .orderBy(desc(records.addedOn), desc(records.id))
    .limit(limit);
  return rows.map(briefRecord);
}

/** Records spread evenly over the catalogue; another `turn` gives another shelf. */
export async function sampleShelf(db: Queryable, limit: number, turn: number): Promise<BriefRecord[]> {
  const { rows } = await db.execute<{ id: number }>(sql`
    with ends as (select min(id)::bigint as low, max(id)::bigint - min(id) + 1 as span from records)
    select distinct near.id from ends, generate_series(0, ${limit}::int - 1) as place, lateral (
      select id from records
      where id >= low + (place * span / ${limit}::int + ${Math.abs(Math.trunc(turn))}::bigint) % span
      order by id limit 1
    ) as near`);
  return readBriefRecords(
    db,
    rows.map((row) => row.id),
  );
}

export async function countRecords(db: Queryable): Promise<number> {
  return db.$count(records);
}

/** Whether a record exists: what an address needs to be answered with 404 before its page begins. */
export async function isRecord(db: Queryable, id: number): Promise<boolean> {
  if (!Number.isInteger(id) || id < 1 || id > 2_147_483_647) return false;
  return (await db.select({ id: records.id }).from(records).where(eq(records.id, id))).length > 0;
}
