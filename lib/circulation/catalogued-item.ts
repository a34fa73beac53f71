/** A copy in the words of the port, as our own catalogue or a library system describes it. */
import type { ItemWithRecord } from "@/db/catalogue";
import type { ItemDetails } from "./port";

export function describeItem({ title, authors, ...item }: ItemWithRecord): ItemDetails {
  const { recordId, isbn, format, callNumber, subjects } = item;
  return { title, author: authors[0] ?? null, recordId, isbn, format, callNumber, subjects };
}

/** A copy of which a library system tells the title, and perhaps more. */
export function toldItem(told: Partial<ItemDetails> & { title: string }): ItemDetails {
  const unknown = { author: null, recordId: null, isbn: null, format: null, callNumber: null, subjects: [] };
  return { ...unknown, ...told };
}
