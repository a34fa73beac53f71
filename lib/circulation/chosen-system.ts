/** The one file that chooses the library system, by LIBRARY_SYSTEM. Nothing else imports a connector. */
import { readFileSync } from "node:fs";
import { readItems } from "@/db/catalogue";
import type { Database } from "@/db/connection";
import { type Environment, EnvironmentFault, env } from "@/lib/env";
import { log } from "@/lib/log";
import { describeItem } from "./catalogued-item";
import { type DemoDesk, makeDemoDesk } from "./demo/demo-desk";
import { demoDiagnosis } from "./demo/demo-diagnosis";
import { makeDemoLibrary } from "./demo/demo-library";
import { loadDemoLibrary } from "./demo/demo-sample";
import type { OwnDiagnosis } from "./diagnosis";
import { makeEvergreenLibrary } from "./evergreen/evergreen-library";
import { diagnoseKoha } from "./koha/koha-diagnosis";
import { type KohaOptions, makeKohaLibrary } from "./koha/koha-library";
import { libraryDay } from "./library-day";
import { makePaiaLibrary } from "./paia/paia-library";
import type { ItemDetails, LibrarySystem } from "./port";
import { diagnoseSip2 } from "./sip2/sip2-diagnosis";
import { makeSip2Library, type Sip2Options } from "./sip2/sip2-library";

export function chooseLibrarySystem(db: Database): LibrarySystem {
  switch (env().LIBRARY_SYSTEM) {
    case "demo":
      return makeDemoLibrary({ db, now: () => new Date(), today });
    case "sip2":
      return makeSip2Library(sip2Options(db, env()));
    case "koha":
      return makeKohaLibrary(kohaOptions(db, env()));
    case "evergreen":
      return chooseEvergreen(db, env());
    case "paia":
      return choosePaia(db, env());
  }
}

/** What `npm run library:check` tries of the chosen system beyond the port; null where its connector brings no steps. */
export function chooseDiagnosis(db: Database): OwnDiagnosis | null {
  switch (env().LIBRARY_SYSTEM) {
    case "demo":
      return demoDiagnosis;
    case "sip2":
      return diagnoseSip2(sip2Options(db, env()));
    case "koha":
      return diagnoseKoha(kohaOptions(db, env()));
    default:
      return null;
  }
}

/**
 * What can be seen of the chosen system's settings without asking it: files that they name must be readable.
 * @throws EnvironmentFault
 */
export function checkLibrarySettings(settings: Environment): void {
  readAuthority(settings, "SIP2_TLS_CA_FILE");
  readAuthority(settings, "KOHA_CA_FILE");
}

function sip2Options(db: Database, settings: Environment): Sip2Options {
  const { SIP2_LOGIN_USER: user, SIP2_LOGIN_PASSWORD: password } = settings;
  return {
    server: {
      host: settings.SIP2_HOST ?? "",
      port: settings.SIP2_PORT,
      tls: settings.SIP2_TLS ? { ca: readAuthority(settings, "SIP2_TLS_CA_FILE") } : null,
      login:
        user === undefined || password === undefined
          ? null
          : { user, password, location: settings.SIP2_LOCATION },
      encoding: settings.SIP2_ENCODING,
    },
    institution: settings.SIP2_INSTITUTION,
    terminalPassword: settings.SIP2_TERMINAL_PASSWORD,
    connections: settings.SIP2_CONNECTIONS,
    timeZone: settings.LIBRARY_TIME_ZONE,
    now: () => new Date(),
    findItems: (barcodes) => findItems(db, barcodes),
    log: log(),
  };
}

function kohaOptions(db: Database, settings: Environment): KohaOptions {
  const { KOHA_URL = "", KOHA_CLIENT_ID: id = "", KOHA_CLIENT_SECRET: secret = "" } = settings;
  const address = KOHA_URL.replace(/\/+$/, "");
  return {
    server: {
      api: new URL(address.endsWith("/api/v1") ? address : `${address}/api/v1`),
      ca: readAuthority(settings, "KOHA_CA_FILE"),
      isPlainAllowed: settings.KOHA_PLAIN_HTTP,
      client: { id, secret },
    },
    connections: settings.KOHA_CONNECTIONS,
    timeZone: settings.LIBRARY_TIME_ZONE,
    holds: settings.KOHA_HOLDS,
    fines: settings.KOHA_FINES,
    findItems: (barcodes) => findItems(db, barcodes),
    log: log(),
  };
}

function chooseEvergreen(db: Database, settings: Environment): LibrarySystem {
  return makeEvergreenLibrary({
    base: addressOf(settings, "EVERGREEN_URL"),
    speaks: settings.EVERGREEN_SPEAKS,
    connections: settings.EVERGREEN_CONNECTIONS,
    timeZone: settings.LIBRARY_TIME_ZONE,
    findItems: (barcodes) => findItems(db, barcodes),
    log: log(),
  });
}

function choosePaia(db: Database, settings: Environment): LibrarySystem {
  return makePaiaLibrary({
    auth: addressOf(settings, "PAIA_AUTH_URL"),
    core: addressOf(settings, "PAIA_CORE_URL"),
    hasFees: settings.PAIA_FEES,
    connections: settings.PAIA_CONNECTIONS,
    timeZone: settings.LIBRARY_TIME_ZONE,
    currency: settings.LIBRARY_CURRENCY,
    findItems: (barcodes) => findItems(db, barcodes),
    log: log(),
  });
}

function addressOf(settings: Environment, name: "EVERGREEN_URL" | "PAIA_AUTH_URL" | "PAIA_CORE_URL"): URL {
  const address = settings[name];
  if (address === undefined) throw new EnvironmentFault([`${name}: is needed`]);
  return new URL(address);
}

/** What our own catalogue knows of copies. */
async function findItems(db: Database, barcodes: string[]): Promise<Map<string, ItemDetails>> {
  const items = await readItems(db, barcodes);
  return new Map(items.map((item) => [item.barcode, describeItem(item)]));
}

function readAuthority(settings: Environment, name: "SIP2_TLS_CA_FILE" | "KOHA_CA_FILE"): string | null {
  const path = settings[name];
  if (path === undefined) return null;
  try {
    const pem = readFileSync(path, "utf8");
    if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  } catch {
    throw new EnvironmentFault([`${name}: the file cannot be read`]);
  }
  throw new EnvironmentFault([`${name}: the file holds no certificate in PEM form`]);
}

/** The desk of the demo library; null with a system that has desks of its own. */
export function openDesk(db: Database): DemoDesk | null {
  const { LIBRARY_SYSTEM, LAST_BORROWER_DAYS } = env();
  if (LIBRARY_SYSTEM !== "demo") return null;
  return makeDemoDesk({ db, today, lastBorrowerDays: LAST_BORROWER_DAYS });
}

/** What a library system of our own needs before its first patron; nothing with any other. */
export async function prepareLibrarySystem(db: Database): Promise<void> {
  if (env().LIBRARY_SYSTEM === "demo") await loadDemoLibrary(db, today());
}

function today(): string {
  return libraryDay(new Date(), env().LIBRARY_TIME_ZONE);
}
