/**
 * What visits to the library system saw, as entries of the history. A copy on one day is out in one loan: so the copy and
 * the day tell which loan a visit saw, where the library system has no ids of loans.
 */
import "./marker";
import type { Visit, VisitedLoan } from "../visited-loan";
import { endOf, type HistoryEntry, isOut } from "./history-entry";
import type { HistoryShelf } from "./history-shelf";

/** Entries that only visits have seen: the copy, and how many such loans of it came before. */
const sightId = (item: string, turn: number): string => `sight ${turn} ${item}`;
const isSight = (id: string): boolean => id.startsWith("sight ");
/** Beside a removed sight: that loan is over, and the copy's next one is another. */
const overId = (id: string): string => `over ${id}`;

/**
 * Merges what is out now. A loan that an earlier visit saw, and this one does not, is over: on this day or before. A loan
 * that no visit saw is never ended by a visit: another library may have lent it.
 */
export function takeVisit(shelf: HistoryShelf, { day, loans, isComplete }: Visit): void {
  const present = new Set<string>();
  for (const loan of loans) {
    const id = loan.entryId ?? idOfSight(shelf, loan.item, day);
    present.add(id);
    shelf.merge(entryOfSight(id, loan, day));
  }
  uniteSights(shelf);
  if (!isComplete) return;
  for (const entry of shelf.newestFirst()) {
    const isSeenBefore = entry.seenOn !== undefined && entry.seenOn < day;
    if (isSeenBefore && isOut(entry) && !present.has(entry.id)) shelf.merge({ ...entry, goneOn: day });
  }
  const items = new Set(loans.map(({ item }) => item));
  for (const id of shelf.removedIds)
    if (isSight(id) && !items.has(id.replace(/^sight \d+ /, ""))) shelf.remove(overId(id));
}

/** Gives what visits saw to the entries of the events that tell the same loan, in whatever order they came. */
export function uniteSights(shelf: HistoryShelf): void {
  const byItem = new Map<string, HistoryEntry[]>();
  for (const entry of shelf.newestFirst()) {
    if (entry.item === undefined) continue;
    byItem.set(entry.item, [...(byItem.get(entry.item) ?? []), entry]);
  }
  for (const entries of byItem.values())
    for (const sight of entries.filter(({ id }) => isSight(id))) {
      const told = entries.find((entry) => !isSight(entry.id) && covers(entry, sight.seenOn ?? ""));
      if (told === undefined) continue;
      shelf.merge({ ...sight, id: told.id });
      shelf.remove(sight.id);
      shelf.remove(overId(sight.id));
    }
}

/** What is to be removed with an entry, so that the next visit does not bring its loan back while the copy is out. */
export function sightsBehind(shelf: HistoryShelf, id: string): string[] {
  const entry = shelf.newestFirst().find((one) => one.id === id);
  if (entry?.item === undefined || isSight(id) || !isOut(entry)) return [];
  return [nextSight(shelf, entry.item)];
}

function idOfSight(shelf: HistoryShelf, item: string, day: string): string {
  const known = shelf.newestFirst().find((entry) => entry.item === item && covers(entry, day));
  return known?.id ?? nextSight(shelf, item);
}

function nextSight(shelf: HistoryShelf, item: string): string {
  const isOver = (id: string) => shelf.has(id) || shelf.removedIds.has(overId(id));
  let turn = 0;
  while (isOver(sightId(item, turn))) turn += 1;
  return sightId(item, turn);
}

/** Whether the loan was out on that day, as far as its days are known. */
function covers(entry: HistoryEntry, day: string): boolean {
  return (entry.outOn ?? "") <= day && day <= (endOf(entry) ?? day);
}

function entryOfSight(id: string, loan: VisitedLoan, day: string): HistoryEntry {
  const { entryId: _, item, outOn, dueOn, ...details } = loan;
  return { id, ...details, outOn, dueOn, returnedOn: null, renewals: [], item, seenOn: day };
}
