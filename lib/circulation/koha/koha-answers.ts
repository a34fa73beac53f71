/** What Koha's REST API answers, as far as it is read. Other keys, which differ between versions, are dropped unread. */
import { z } from "zod";

/** Koha's internal numbers, as text: the form in which events name them too. */
const number = z
  .union([z.int().positive(), z.string().regex(/^[1-9]\d{0,15}$/)])
  .transform((value) => String(value));
const maybeNumber = number.nullish().catch(null);
const maybeText = z.string().nullish().catch(null);
const maybeCount = z.int().min(0).nullish().catch(null);

export const tokenAnswer = z.object({
  /** What a header can carry. */
  access_token: z.string().regex(/^[\x21-\x7e]{1,4096}$/),
  expires_in: z.coerce.number().min(1).max(31_536_000).catch(300),
});

/** Some versions confirm with an empty body. */
export const validationAnswer = z.object({ patron_id: maybeNumber });

export const patronAnswer = z.object({
  patron_id: number,
  cardnumber: maybeText,
  userid: maybeText,
  firstname: maybeText,
  preferred_name: maybeText,
  surname: maybeText,
});
export type PatronAnswer = z.infer<typeof patronAnswer>;

export const checkoutAnswer = z.object({
  checkout_id: number,
  patron_id: maybeNumber,
  item_id: maybeNumber,
  checkout_date: maybeText,
  due_date: maybeText,
  checkin_date: maybeText,
  renewals_count: maybeCount,
  /** Before 22.11. */
  renewals: maybeCount,
});
export type CheckoutAnswer = z.infer<typeof checkoutAnswer>;

export const itemAnswer = z.object({
  item_id: number,
  biblio_id: maybeNumber,
  /** The barcode. */
  external_id: maybeText,
  callnumber: maybeText,
});
export type ItemAnswer = z.infer<typeof itemAnswer>;

export const recordAnswer = z.object({
  biblio_id: number,
  title: maybeText,
  subtitle: maybeText,
  author: maybeText,
  isbn: maybeText,
});
export type RecordAnswer = z.infer<typeof recordAnswer>;

export const holdAnswer = z.object({
  hold_id: number,
  patron_id: maybeNumber,
  biblio_id: maybeNumber,
  item_id: maybeNumber,
  hold_date: maybeText,
  waiting_date: maybeText,
  cancellation_date: maybeText,
  /** W: waits for the patron. T: on its way. F: fetched. */
  status: maybeText,
});
export type HoldAnswer = z.infer<typeof holdAnswer>;

const accountLine = z.object({
  patron_id: maybeNumber,
  item_id: maybeNumber,
  description: maybeText,
  debit_type: maybeText,
  status: maybeText,
  amount_outstanding: z.coerce.number(),
});
export type AccountLine = z.infer<typeof accountLine>;

export const balanceAnswer = z.object({
  outstanding_debits: z.object({
    total: z.number().nullish().catch(null),
    lines: z.array(accountLine),
  }),
});

/** Koha's own "there is none", as opposed to an address that its API does not have. */
export const absenceAnswer = z.object({ error: z.string() });
