/** What an audit asks the database about itself: its columns, its settings, its folder. No row of anybody's. */
import { getTableColumns, getTableName, sql } from "drizzle-orm";
import type { Queryable } from "./connection";
import { allowances } from "./schema/allowances";
import { items, records } from "./schema/catalogue";
import { demoHolds, demoLastBorrowers, demoLoans, demoPatrons } from "./schema/demo-library";
import { vaultTables } from "./schema/vault";

export interface FoundColumn {
  table: string;
  column: string;
  /** As information_schema names it, such as `timestamp with time zone`. */
  type: string;
  /** True for an identity column and for a default that counts or reads the clock. */
  fillsItself: boolean;
  /** The table is `vaults` or refers to it. */
  ofVault: boolean;
}

export async function readColumns(db: Queryable): Promise<FoundColumn[]> {
  const { rows } = await db.execute<Record<keyof FoundColumn, unknown>>(sql`
    select table_name as table, column_name as column, data_type as type,
      is_identity = 'YES' or is_generated = 'ALWAYS'
        or coalesce(column_default ~* 'nextval|now|current|clock|timestamp|statement', false) as "fillsItself",
      table_name = 'vaults' or exists (
        select from pg_constraint
        where contype = 'f' and confrelid = 'public.vaults'::regclass
          and conrelid = format('public.%I', table_name)::regclass
      ) as "ofVault"
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE'
    order by table_name, ordinal_position`);
  return rows.map((row) => ({
    table: String(row.table),
    column: String(row.column),
    type: String(row.type),
    fillsItself: row.fillsItself === true,
    ofVault: row.ofVault === true,
  }));
}

/** Every column of this version's tables, as `table.column`. */
export const knownColumns: ReadonlySet<string> = new Set(
  [allowances, items, records, demoHolds, demoLastBorrowers, demoLoans, demoPatrons, ...vaultTables].flatMap(
    (table) => Object.values(getTableColumns(table)).map((column) => `${getTableName(table)}.${column.name}`),
  ),
);

/** True when a crash or a copy of the write-ahead log leaves nothing of the table. */
export async function isUnlogged(db: Queryable, table: string): Promise<boolean> {
  const { rows } = await db.execute<{ persistence: string }>(
    sql`select relpersistence::text as persistence from pg_class where oid = to_regclass(${table})`,
  );
  return rows[0]?.persistence === "u";
}

/** Settings by name, in PostgreSQL's base unit. One that this user may not see is missing. */
export async function readSettings(db: Queryable, names: string[]): Promise<Map<string, string>> {
  const { rows } = await db.execute<{ name: string; setting: string }>(
    sql`select name, setting from pg_settings where name in ${names}`,
  );
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}

/** Replication slots hold back the write-ahead log, or carry it elsewhere. */
export async function countReplicationSlots(db: Queryable): Promise<number> {
  const { rows } = await db.execute<{ slots: number }>(
    sql`select count(*)::int as slots from pg_replication_slots`,
  );
  return rows[0]?.slots ?? 0;
}
