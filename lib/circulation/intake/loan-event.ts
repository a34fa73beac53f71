/** A loan event as a library system reports it: the schema of `POST /api/loans/events`. */
import { z } from "zod";

const day = z.iso.date().describe("Calendar date in the library's own time zone, YYYY-MM-DD. Never a time.");
const line = (max: number) => z.string().trim().min(1).max(max);

const item = line(40)
  .describe("The copy's barcode, as the library system's current loans name it")
  .optional();

export const loanRecordSchema = z
  .object({
    recordId: line(100).optional().describe("The catalogue's record id"),
    title: line(2000),
    author: line(1000).optional(),
    isbn: line(20).optional(),
    format: line(40).optional().describe("book, large-print, audiobook, film, music, map, serial, …"),
    subjects: z.array(line(300)).max(50).optional(),
    callNumber: line(200).optional(),
  })
  .strict();

/**
 * A return may come without `patron` (systems that anonymise first): it is then matched by the loan's mark.
 * Repeats and any order are fine: events of one loan merge by `loan`.
 */
export const loanEventSchema = z
  .discriminatedUnion("type", [
    z
      .object({
        type: z.literal("checkout"),
        loan: line(200).describe("The library system's id of this loan, the same in every event of it"),
        patron: line(200).describe(
          "The library system's stable id of the patron, as its connector returns it at sign-in; in the demo library the card number",
        ),
        day,
        due: day.optional(),
        item,
        record: loanRecordSchema,
      })
      .strict(),
    z
      .object({
        type: z.literal("renewal"),
        loan: line(200),
        patron: line(200),
        day,
        due: day.optional(),
        item,
        record: loanRecordSchema.optional(),
      })
      .strict(),
    z
      .object({
        type: z.literal("return"),
        loan: line(200),
        patron: line(200).optional(),
        day,
        item,
        record: loanRecordSchema.optional(),
      })
      .strict(),
  ])
  .meta({ id: "LoanEvent" });

export type LoanEvent = z.infer<typeof loanEventSchema>;

export const maxEventsPerBatch = 500;
