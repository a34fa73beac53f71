/** Reads a list of Koha's to its end, page by page, each row once. */
import type { z } from "zod";
import { HttpFault } from "../http-fault";
import type { Asking, KohaStep } from "./koha-api";

const rowsPerPage = 100;
/** A patron has no more loans or holds than that; a server that pages without end is not followed. */
const mostPages = 20;

export interface PagedList<Row> {
  rows: Row[];
  /** How many rows Koha counts beyond those that it listed. */
  missing: number;
}

/**
 * Rows that come twice, because the list changed between two pages, count once, by `idOf`.
 * Null: Koha knows no such patron.
 * @throws HttpFault
 */
export async function readPages<Schema extends z.ZodType>(
  asking: Asking,
  step: KohaStep,
  path: string,
  query: Record<string, string>,
  schema: Schema,
  idOf: (row: z.output<Schema>) => string,
): Promise<PagedList<z.output<Schema>> | null> {
  const rows = new Map<string, z.output<Schema>>();
  let [total, emptyPages] = [0, 0];
  for (let page = 1; page <= mostPages && emptyPages < 2; page++) {
    const paging = { _page: String(page), _per_page: String(rowsPerPage) };
    const answer = await asking.get(step, path, { ...query, ...paging });
    if (answer.status === 404) return null;
    if (answer.status === 400) throw new HttpFault("garbled", step);
    const read = schema.array().safeParse(answer.json);
    if (!read.success) throw new HttpFault("garbled", step);
    for (const row of read.data) rows.set(idOf(row), row);
    total = Math.max(total, answer.total ?? 0);
    emptyPages = read.data.length === 0 ? emptyPages + 1 : 0;
    // The count alone may be wrong, and so may the length of a page alone.
    if (rows.size >= total && read.data.length < rowsPerPage) break;
  }
  return { rows: [...rows.values()], missing: Math.max(0, total - rows.size) };
}
