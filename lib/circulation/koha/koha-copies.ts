/** What Koha's items and records are: read one by one, remembered as bibliographic data alone, told in the words of the port. */
import { normaliseIsbn } from "@/lib/catalogue/isbn";
import { cleanText, trimPunctuation } from "@/lib/catalogue/punctuation";
import { HttpFault } from "../http-fault";
import type { ItemDetails } from "../port";
import { BibliographicCache } from "./bibliographic-cache";
import { type ItemAnswer, itemAnswer, type RecordAnswer, recordAnswer } from "./koha-answers";
import type { Asking, KohaStep } from "./koha-api";

/** A copy, as far as Koha and our own catalogue tell. */
export interface Copy {
  barcode: string | null;
  details: ItemDetails;
}

type FindItems = (barcodes: string[]) => Promise<Map<string, ItemDetails>>;

const mostCached = 10_000;
const cachedMs = 3_600_000;
/** Many loans at a slow Koha: then the last ones go without their names, before the whole answer comes too late. */
const detailsMs = 8000;
/** Below the usual number of connections, so that another patron's sign-in finds a free one. */
const lanes = 4;

export class KohaCopies {
  private readonly items: BibliographicCache<ItemAnswer>;
  private readonly records: BibliographicCache<RecordAnswer>;

  /** `findItems`: what our own catalogue knows of copies, by barcode. */
  constructor(
    private readonly findItems: FindItems,
    now: () => number,
  ) {
    this.items = new BibliographicCache(mostCached, cachedMs, now);
    this.records = new BibliographicCache(mostCached, cachedMs, now);
  }

  /**
   * Copies by Koha's item id, titles by its record id. Those that Koha no longer has, and those for which no time
   * is left, are not among them.
   * @throws HttpFault
   */
  async describe(
    asking: Asking,
    itemIds: string[],
    recordIds: string[],
  ): Promise<{ copies: Map<string, Copy>; records: Map<string, ItemDetails> }> {
    const items = await readEach(asking, itemIds, (id) => this.readItem(asking, id));
    const ours = await this.findItems([...items.values()].flatMap((item) => item?.external_id ?? []));
    const unknown = [...items.values()].flatMap((item) =>
      ours.has(item?.external_id ?? "") ? [] : (item ?? []),
    );
    const wanted = [...recordIds, ...unknown.flatMap(({ biblio_id }) => biblio_id ?? [])];
    const records = await readEach(asking, wanted, (id) => this.readRecord(asking, id));
    const copies = new Map<string, Copy>();
    for (const [id, item] of items) {
      const barcode = item?.external_id ?? null;
      const details = item && (ours.get(barcode ?? "") ?? detailsOf(item, records));
      if (details) copies.set(id, { barcode, details });
    }
    const titled = [...records].flatMap(([id, record]) => {
      const details = record && recordDetails(record, null);
      return details ? [[id, details] as const] : [];
    });
    return { copies, records: new Map(titled) };
  }

  /** By its barcode; null: Koha has no such item. */
  async find(asking: Asking, barcode: string): Promise<Copy | null> {
    const query = { external_id: barcode, _match: "exact", _page: "1", _per_page: "20" };
    const answer = await asking.get("item", "items", query);
    if (answer.status !== 200) throw new HttpFault("garbled", "item");
    const read = itemAnswer.array().safeParse(answer.json);
    if (!read.success) throw new HttpFault("garbled", "item");
    // Without `_match` Koha would find parts of barcodes, and a server may not know it.
    const item = read.data.find(({ external_id }) => external_id?.toLowerCase() === barcode.toLowerCase());
    if (!item) return null;
    this.items.set(item.item_id, item);
    return (await this.describe(asking, [item.item_id], [])).copies.get(item.item_id) ?? null;
  }

  private async readItem(asking: Asking, id: string): Promise<ItemAnswer | null> {
    const held = this.items.get(id);
    if (held) return held;
    const answer = await readOne(asking, "item", `items/${id}`);
    if (answer === null) return null;
    const read = itemAnswer.safeParse(answer);
    if (!read.success || read.data.item_id !== id) throw new HttpFault("garbled", "item");
    this.items.set(id, read.data);
    return read.data;
  }

  private async readRecord(asking: Asking, id: string): Promise<RecordAnswer | null> {
    const held = this.records.get(id);
    if (held) return held;
    const answer = await readOne(asking, "record", `biblios/${id}`);
    if (answer === null) return null;
    const read = recordAnswer.safeParse(answer);
    if (!read.success || read.data.biblio_id !== id) throw new HttpFault("garbled", "record");
    this.records.set(id, read.data);
    return read.data;
  }
}

/** Null: it cannot be named. A record that is gone leaves the barcode; one that there was no time for, nothing. */
function detailsOf(
  { biblio_id, external_id, callnumber }: ItemAnswer,
  records: Map<string, RecordAnswer | null>,
): ItemDetails | null {
  const record = biblio_id ? records.get(biblio_id) : null;
  if (record === undefined) return null;
  const details = record && recordDetails(record, callnumber ?? null);
  return details ?? (external_id ? untitled(external_id, callnumber ?? null) : null);
}

/** Null: Koha has none (404), or fails on this very one, as it does on a record with damaged MARC. */
async function readOne(asking: Asking, step: KohaStep, path: string): Promise<unknown | null> {
  try {
    const answer = await asking.get(step, path);
    if (answer.status === 400) throw new HttpFault("garbled", step);
    return answer.status === 404 ? null : answer.json;
  } catch (fault) {
    if (fault instanceof HttpFault && fault.code === "failed") return null;
    throw fault;
  }
}

/** Null for those that Koha does not have; those that no time is left for are not in it. */
async function readEach<Told>(
  asking: Asking,
  ids: string[],
  read: (id: string) => Promise<Told | null>,
): Promise<Map<string, Told | null>> {
  const waiting = [...new Set(ids)];
  const told = new Map<string, Told | null>();
  const lane = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      if (asking.elapsedMs() > detailsMs) return;
      told.set(id, await read(id));
    }
  };
  await Promise.all([...Array(lanes).keys()].map(lane));
  return told;
}

/** The title as the plugin for Koha sends it, so that a visit and an event tell the same. */
function recordDetails(
  { title, subtitle, author, isbn }: RecordAnswer,
  callNumber: string | null,
): ItemDetails | null {
  const named = trimPunctuation(cleanText([title, subtitle].filter((part) => part).join(" ")));
  if (named === "") return null;
  const written = trimPunctuation(cleanText(author ?? ""));
  const isbns = (isbn ?? "").split("|").flatMap((one) => normaliseIsbn(one) ?? []);
  return { ...untitled(named, callNumber), author: written || null, isbn: isbns[0] ?? null };
}

function untitled(title: string, callNumber: string | null): ItemDetails {
  return { title, author: null, recordId: null, isbn: null, format: null, callNumber, subjects: [] };
}
