/** A Koha, through its REST API, as the port asks for it. Reads only; of patrons nothing is kept. */
import type { Log } from "@/lib/log";
import { HttpFault, unavailable } from "../http-fault";
import type { HttpPatience } from "../http-line";
import type { Capabilities, ItemDetails, LibrarySystem, Unavailable } from "../port";
import { readKohaAccount } from "./koha-account";
import { type Asking, KohaApi, type KohaServer } from "./koha-api";
import { KohaCopies } from "./koha-copies";
import { signIn } from "./koha-sign-in";

export interface KohaOptions {
  server: KohaServer;
  connections: number;
  timeZone: string;
  /** Whether the API client may read holds and charges: each needs a permission of its own in Koha. */
  holds: boolean;
  fines: boolean;
  /** What our own catalogue knows of copies, by barcode. Unknown ones are left out. */
  findItems(barcodes: string[]): Promise<Map<string, ItemDetails>>;
  log: Pick<Log, "warn">;
  patience?: HttpPatience;
  /** A clock in milliseconds that never goes back. */
  monotonicMs?(): number;
}

/** Events come from the plugin, where it is installed: the connector cannot vouch for them. */
export function kohaCapabilities({ holds, fines }: Pick<KohaOptions, "holds" | "fines">): Capabilities {
  return {
    loanIds: true,
    daysOut: true,
    holds,
    fines: fines ? "by-loan" : "none",
    events: false,
    visits: true,
  };
}

export function makeKohaLibrary(options: KohaOptions): LibrarySystem {
  const { server, connections, timeZone, holds, fines, log } = options;
  const now = options.monotonicMs ?? (() => performance.now());
  const api = new KohaApi(server, connections, now, options.patience);
  const copies = new KohaCopies(options.findItems, now);

  /** The one place where a fault becomes a value, and is told to the log by its code. */
  async function ask<T>(work: (asking: Asking) => Promise<T>): Promise<T | Unavailable> {
    try {
      return await work(api.begin());
    } catch (fault) {
      if (!(fault instanceof HttpFault)) throw fault;
      log.warn("library-system-away", { code: fault.code, step: fault.step });
      return unavailable(fault);
    }
  }

  return {
    capabilities: kohaCapabilities({ holds, fines }),
    async authenticate(card, pin) {
      if (![card, pin].every(isSendable)) return { ok: false, why: "wrong-credentials" };
      return ask((asking) => signIn(asking, card, pin));
    },
    async readAccount({ id }) {
      if (!/^[1-9]\d{0,15}$/.test(id)) return { ok: false, why: "sign-in-again" };
      return ask(async (asking) => {
        const account = await readKohaAccount({ copies, timeZone, holds, fines }, asking, id);
        return account === null ? { ok: false, why: "sign-in-again" } : { ok: true, account };
      });
    },
    async readItem(barcode) {
      if (!isSendable(barcode)) return { ok: true, item: null };
      return ask(async (asking) => ({
        ok: true,
        item: (await copies.find(asking, barcode))?.details ?? null,
      }));
    },
    close: async () => api.close(),
  };
}

/** Koha's database would cut or fold the rest. */
function isSendable(text: string): boolean {
  return text !== "" && text.length <= 200 && text.isWellFormed() && !/\p{Cc}/u.test(text);
}
