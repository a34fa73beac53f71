/** The fields that are read of Evergreen's objects, whichever way they came, and what the port makes of them. */
import { z } from "zod";
import { toldItem } from "../catalogued-item";
import { readDay } from "../library-day";
import type { CurrentLoan, Fine, Hold, ItemDetails } from "../port";

const id = z.union([z.number().int(), z.string().regex(/^-?\d{1,18}$/)]).transform(String);
const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null);

/** class `circ` */
export const circSchema = z.object({
  id,
  target_copy: z.union([id, z.object({ id }).transform((copy) => copy.id)]),
  parent_circ: z
    .union([id, z.object({ id }).transform((circ) => circ.id)])
    .nullish()
    .catch(null),
  xact_start: text,
  due_date: text,
  checkin_time: text,
});
export type Circ = z.infer<typeof circSchema>;

/** class `mvr` */
export const recordSchema = z.object({
  title: text,
  author: text,
  isbn: text,
  subject: z
    .union([z.array(z.string()), z.record(z.string(), z.unknown()).transform((all) => Object.keys(all))])
    .nullish()
    .catch(null),
});
export type EvergreenRecord = z.infer<typeof recordSchema>;

/** class `acp`; of a copy without a record, the title that was typed at the desk. */
export const copySchema = z.object({ barcode: text, dummy_title: text, dummy_author: text });
export type Copy = z.infer<typeof copySchema>;

/** class `au` */
export const userSchema = z.object({
  id,
  first_given_name: text,
  family_name: text,
  pref_first_given_name: text,
  pref_family_name: text,
  usrname: text,
});

/** class `mbts`, with what it is about */
export const billSchema = z.object({
  transaction: z.object({ balance_owed: z.coerce.number(), last_billing_type: text }),
  circ: z.object({ checkin_time: text }).nullish().catch(null),
  record: recordSchema.nullish().catch(null),
});

/** class `ahr`, with what it is about */
export const holdSchema = z.object({
  hold: z.object({ request_time: text, shelf_time: text }),
  mvr: recordSchema.nullish().catch(null),
  status: z.coerce.number().catch(0),
});

/** Of hold statuses: waiting on the shelf of its own library. */
const onShelf = 4;

export function nameOf(user: z.infer<typeof userSchema>): string {
  const first = user.pref_first_given_name || user.first_given_name;
  const last = user.pref_family_name || user.family_name;
  return [first, last].filter((part) => part?.trim()).join(" ") || user.usrname || "";
}

export interface EvergreenLoan {
  circ: Circ;
  /** The circulation that the loan began with: each renewal makes a new one. */
  first: Circ;
  renewals: number;
  record: EvergreenRecord | null;
  copy: Copy | null;
}

export function loanOf(
  { circ, first, renewals, record, copy }: EvergreenLoan,
  catalogue: Map<string, ItemDetails>,
  timeZone: string,
): CurrentLoan {
  const barcode = copy?.barcode || null;
  return {
    ...(catalogue.get(barcode ?? "") ?? describe(record, copy)),
    loanId: first.id,
    barcode,
    outOn: readDay(first.xact_start, timeZone),
    dueOn: readDay(circ.due_date, timeZone),
    renewals,
  };
}

export function describe(record: EvergreenRecord | null, copy: Copy | null = null): ItemDetails {
  const isbn = /^[\dxX-]{10,17}/.exec(record?.isbn?.trim() ?? "")?.[0].replaceAll("-", "") ?? null;
  return toldItem({
    title: record?.title || copy?.dummy_title || copy?.barcode || "",
    author: record?.author || copy?.dummy_author || null,
    isbn,
    subjects: record?.subject ?? [],
  });
}

export function holdOf({ hold, mvr, status }: z.infer<typeof holdSchema>, timeZone: string): Hold {
  const isReady = status === onShelf;
  return {
    title: mvr?.title ?? "",
    author: mvr?.author || null,
    recordId: null,
    isReady,
    placedOn: readDay(hold.request_time, timeZone),
    readyOn: isReady ? readDay(hold.shelf_time, timeZone) : null,
  };
}

/** What a bill is for: the loan's title, or the kind of the bill. Null: nothing is owed on it. */
export function fineOf({ transaction, circ, record }: z.infer<typeof billSchema>): Fine | null {
  const cents = Math.round(transaction.balance_owed * 100);
  if (!Number.isSafeInteger(cents) || cents <= 0) return null;
  const title = record?.title || transaction.last_billing_type || "";
  return { title, cents, returned: circ ? Boolean(circ.checkin_time) : null };
}
