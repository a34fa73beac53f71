/** Reads a whole inbox: opens its rows, and follows the chain to see whether one is missing. */
import "./marker";
import { toB64Url } from "../base64";
import { chainHash } from "../inbox-chain";
import type { LoanEntry } from "../loan-entry";
import type { InboxRow } from "../vault-contents";
import { type EntryReader, openEntry } from "./open-entry";

export interface InboxReading {
  entries: LoanEntry[];
  /** The rows that opened: once merged and saved, the server may drop them. */
  openedIds: string[];
  /** Rows that did not open, or that the library did not sign. */
  unreadable: number;
  /** Entries that name a predecessor that never came. */
  gaps: number;
  /** What the next entries may name as their predecessor. */
  tips: Uint8Array[];
}

/** Rows opened earlier in this session, by their chain hash: opening one takes milliseconds. */
export type OpenedRows = Map<string, LoanEntry>;

/** After that many breaks in the chain, the oldest ends are forgotten. */
const mostTips = 16;

/** The rows may come in any order: their ids are random, and only the chain orders them. */
export async function readInbox(
  rows: readonly InboxRow[],
  reader: EntryReader,
  knownTips: readonly Uint8Array[],
  openedRows: OpenedRows,
): Promise<InboxReading> {
  const opened = new Map<string, LoanEntry>();
  const present = new Map(knownTips.map((tip) => [toB64Url(tip), tip]));
  const openedIds: string[] = [];
  for (const row of rows) {
    const hash = chainHash(row.sealed);
    const key = toB64Url(hash);
    present.set(key, hash);
    const known = openedRows.get(key);
    const result = known ? { ok: true as const, entry: known } : await openEntry(reader, row.sealed);
    if (!result.ok) continue;
    openedRows.set(key, result.entry);
    opened.set(key, result.entry);
    openedIds.push(row.id);
  }
  const named = new Set([...opened.values()].map((entry) => toB64Url(entry.previous)));
  const ends = [...knownTips.map(toB64Url), ...opened.keys()].filter((key) => !named.has(key));
  return {
    entries: [...opened.values()],
    openedIds,
    unreadable: rows.length - openedIds.length,
    gaps: [...named].filter((key) => !present.has(key)).length,
    tips: [...new Set(ends)].slice(-mostTips).flatMap((key) => present.get(key) ?? []),
  };
}
