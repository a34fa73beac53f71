/** A copy as our own catalogue describes it, in the words of the port. */
import type { ItemWithRecord } from "@/db/catalogue";
import type { ItemDetails } from "./port";

export function describeItem({ title, authors, ...item }: ItemWithRecord): ItemDetails {
  const { recordId, isbn, format, callNumber, subjects } = item;
  return { title, author: authors[0] ?? null, recordId, isbn, format, callNumber, subjects };
}
