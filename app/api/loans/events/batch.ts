/** The body of `POST /api/loans/events`, read item by item: a malformed one never holds up the others. */
import { z } from "zod";
import { type LoanEvent, loanEventSchema, maxEventsPerBatch } from "@/lib/circulation/intake/loan-event";

/** What is accepted, for the API description. */
export const batchSchema = z
  .object({ events: z.array(loanEventSchema).min(1).max(maxEventsPerBatch) })
  .strict()
  .meta({ id: "LoanEventBatch" });

/** The envelope alone: its items are judged one by one. */
export const envelopeSchema = z
  .object({ events: z.array(z.unknown()).min(1).max(maxEventsPerBatch) })
  .strict();

/** 500 events with long titles and many subjects in a script of four-byte characters. */
export const maxBatchBytes = 16 * 1024 * 1024;

export interface EventFault {
  /** Position in `events`, from 0. */
  index: number;
  /** Where in the event, and what the schema asks there; never what was sent. */
  faults: { at: string; asks: string }[];
}

export function readEvents(items: unknown[]): { events: LoanEvent[]; malformed: EventFault[] } {
  const events: LoanEvent[] = [];
  const malformed: EventFault[] = [];
  for (const [index, item] of items.entries()) {
    const result = loanEventSchema.safeParse(item);
    if (result.success) events.push(result.data);
    else malformed.push({ index, faults: result.error.issues.map(describeIssue) });
  }
  return { events, malformed };
}

function describeIssue(issue: z.core.$ZodIssue): { at: string; asks: string } {
  // Keys the sender made up could be anything, so only the schema's own words are repeated.
  const asks = issue.code === "unrecognized_keys" ? "no other keys than the described ones" : issue.message;
  return { at: `/${issue.path.join("/")}`, asks };
}
