/** Brings MARC records into the catalogue: a stream in, batches out, every bad record counted and passed over. */

import { isDataFault, type NewRecord, upsertRecords } from "@/db/catalogue-import";
import type { Queryable } from "@/db/connection";
import { type ItemField, usualItemFields } from "./marc-fields";
import { readFrames } from "./marc-frames";
import { readMarcRecord } from "./marc-record";
import { readCatalogueRecord } from "./read-marc";

export type SkipReason =
  | "no-record"
  | "cut-short"
  | "too-long"
  | "not-utf8"
  | "no-leader"
  | "broken-directory"
  | "no-title"
  | "not-storable";

export interface Skipped {
  /** The record's place in the stream, from 1. */
  position: number;
  why: SkipReason;
}

export interface ImportCount {
  read: number;
  added: number;
  updated: number;
  skipped: number;
}

export interface ImportSummary extends ImportCount {
  skippedBy: Partial<Record<SkipReason, number>>;
  /** The first of the skipped records; the count has them all. */
  firstSkipped: Skipped[];
}

export interface ImportOptions {
  /** Names the catalogue that the control numbers belong to: the same source again updates its records. */
  source: string;
  itemFields?: ItemField[];
  batchRecords?: number;
  onProgress?: (count: ImportCount) => void;
}

const mostSkippedKept = 100;

/**
 * Each batch is one transaction: a stop half-way leaves whole records, and running it again completes them.
 * @throws when the database cannot be reached; a record that it refuses is skipped.
 */
export async function importRecords(
  db: Queryable,
  chunks: AsyncIterable<Uint8Array>,
  { source, itemFields = usualItemFields, batchRecords = 500, onProgress }: ImportOptions,
): Promise<ImportSummary> {
  const summary: ImportSummary = {
    read: 0,
    added: 0,
    updated: 0,
    skipped: 0,
    skippedBy: {},
    firstSkipped: [],
  };
  const skip = (position: number, why: SkipReason) => {
    summary.skipped++;
    summary.skippedBy[why] = (summary.skippedBy[why] ?? 0) + 1;
    if (summary.firstSkipped.length < mostSkippedKept) summary.firstSkipped.push({ position, why });
  };
  let batch: Array<{ position: number; record: NewRecord }> = [];
  const store = async () => {
    for (const { position, why } of await storeBatch(db, batch, summary)) skip(position, why);
    batch = [];
    onProgress?.(summary);
  };

  for await (const frame of readFrames(chunks)) {
    const position = ++summary.read;
    const marc = frame.ok ? readMarcRecord(frame.bytes) : frame;
    const result = marc.ok ? readCatalogueRecord(marc.record, source, itemFields) : marc;
    if (!result.ok) skip(position, result.why);
    else batch.push({ position, record: result.record });
    if (batch.length >= batchRecords) await store();
  }
  await store();
  return summary;
}

async function storeBatch(
  db: Queryable,
  batch: Array<{ position: number; record: NewRecord }>,
  count: ImportCount,
): Promise<Skipped[]> {
  try {
    const { added, updated } = await upsertRecords(
      db,
      batch.map(({ record }) => record),
    );
    count.added += added;
    count.updated += updated;
    return [];
  } catch (error) {
    const [only] = batch;
    if (!isDataFault(error)) throw error;
    if (batch.length === 1 && only !== undefined) return [{ position: only.position, why: "not-storable" }];
  }
  const half = Math.ceil(batch.length / 2);
  return [
    ...(await storeBatch(db, batch.slice(0, half), count)),
    ...(await storeBatch(db, batch.slice(half), count)),
  ];
}
