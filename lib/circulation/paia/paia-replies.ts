/** What a PAIA server answers, as the specification (PAIA 1.3) has it and servers send it, and what the port makes of it. */
import { z } from "zod";
import { toldItem } from "../catalogued-item";
import { HttpFault } from "../http-fault";
import { readDay } from "../library-day";
import type { CurrentLoan, Fine, Hold, ItemDetails } from "../port";

const text = z.string().nullish();

export const loginSchema = z.object({
  patron: z.string().min(1).max(200),
  access_token: z.string(),
  scope: text,
});
export const patronSchema = z.object({ name: z.string() });
/** OAuth 2.0's errors and PAIA's own. */
export const errorSchema = z.object({ error: z.string() });

const documentSchema = z.object({
  status: z.coerce.number().int(),
  item: text,
  edition: text,
  about: text,
  label: text,
  renewals: z.coerce.number().int().min(0).nullish().catch(null),
  starttime: text,
  endtime: text,
  duedate: text,
});
type PaiaDocument = z.infer<typeof documentSchema>;
export const itemsSchema = z.object({ doc: z.array(documentSchema).nullish() });

const feeSchema = z.object({ amount: z.string(), about: text, item: text, edition: text, feetype: text });
export const feesSchema = z.object({ amount: text, fee: z.array(feeSchema).nullish() });

/** Service status, as PAIA numbers it; 0 is no relation and 5 a request that was refused. */
const reserved = 1;
const ordered = 2;
const held = 3;
const provided = 4;

export interface PaiaAccount {
  loans: PaiaDocument[];
  holds: PaiaDocument[];
}

export function sortDocuments({ doc }: z.infer<typeof itemsSchema>): PaiaAccount {
  const documents = doc ?? [];
  return {
    loans: documents.filter(({ status }) => status === held),
    holds: documents.filter(({ status }) => [reserved, ordered, provided].includes(status)),
  };
}

/**
 * The barcode in a copy's URI: what follows its last `/`, `:`, `#` or `=`, as in `…:bar:830$28295402`. PAIA names copies by
 * URI alone. Null where that is nothing to be read from a copy, or longer than an event may carry.
 */
export function barcodeOf({ item }: Pick<PaiaDocument, "item">): string | null {
  const last = (item ?? "").split(/[/:#=]/).at(-1) ?? "";
  const barcode = decode(last).trim();
  return barcode === "" || barcode.length > 40 ? null : barcode;
}

export type Catalogue = Map<string, ItemDetails>;

export function loanOf(document: PaiaDocument, catalogue: Catalogue, timeZone: string): CurrentLoan {
  return {
    ...describe(document, catalogue),
    loanId: null,
    barcode: barcodeOf(document),
    outOn: readDay(document.starttime, timeZone),
    dueOn: readDay(document.endtime ?? document.duedate, timeZone),
    renewals: document.renewals ?? null,
  };
}

export function holdOf(document: PaiaDocument, catalogue: Catalogue, timeZone: string): Hold {
  const { title, author, recordId } = describe(document, catalogue);
  const began = readDay(document.starttime, timeZone);
  const isReady = document.status === provided;
  return {
    title,
    author,
    recordId,
    isReady,
    placedOn: isReady ? null : began,
    readyOn: isReady ? began : null,
  };
}

function describe(document: PaiaDocument, catalogue: Catalogue): ItemDetails {
  const { about, label, edition, item } = document;
  const known = catalogue.get(barcodeOf(document) ?? "");
  const title = [about, label, edition, item].find((each) => each?.trim());
  return known ?? toldItem({ title: title ?? "", callNumber: label ?? null });
}

/** @throws HttpFault `wrong-currency`, `garbled` */
export function finesOf(
  { amount, fee }: z.infer<typeof feesSchema>,
  { loans }: PaiaAccount,
  currency: string,
): Fine[] {
  const out = new Set(loans.map(({ item }) => item));
  const fines = (fee ?? []).map(({ item, about, feetype, ...each }) => ({
    title: about || feetype || item || "",
    cents: centsOf(each.amount, currency),
    returned: item ? !out.has(item) : null,
  }));
  if (fee?.length || !amount) return fines.filter(({ cents }) => cents > 0);
  const cents = centsOf(amount, currency);
  return cents > 0 ? [{ title: null, cents, returned: null }] : [];
}

/** PAIA's money is `0.80 EUR`; a sum may be below zero. */
function centsOf(money: string, currency: string): number {
  const [, sign, whole, part, code] = /^\s*(-?)(\d{1,9})\.(\d\d)\s+([A-Z]{3})\s*$/.exec(money) ?? [];
  if (whole === undefined || part === undefined) throw new HttpFault("garbled", "fees");
  if (code !== currency) throw new HttpFault("wrong-currency", "fees");
  return (Number(whole) * 100 + Number(part)) * (sign === "-" ? -1 : 1);
}

function decode(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}
