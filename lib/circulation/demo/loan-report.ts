/** Describes a catalogue item the way a loan event carries it. */
import type { ItemWithRecord } from "@/db/catalogue";
import { type LoanEvent, loanRecordSchema } from "../intake/loan-event";

type LoanRecord = NonNullable<LoanEvent["record"]>;

/** The record part of a loan event. Absent facts are left out; fields are cut to what the event schema takes. */
export function describeRecord(item: ItemWithRecord): LoanRecord {
  const [author] = item.authors;
  return loanRecordSchema.parse({
    recordId: String(item.recordId),
    title: item.title.slice(0, 2000),
    ...(author && { author: author.slice(0, 1000) }),
    ...(item.isbn && { isbn: item.isbn }),
    format: item.format.slice(0, 40),
    subjects: item.subjects.slice(0, 50).map((subject) => subject.slice(0, 300)),
    ...(item.callNumber && { callNumber: item.callNumber.slice(0, 200) }),
  });
}
