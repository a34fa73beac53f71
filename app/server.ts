/** The composition root: what the pages and routes of one server process share, made on first use. */
import { type Database, openDatabase } from "@/db/connection";
import { chooseLibrarySystem, openDesk } from "@/lib/circulation/chosen-system";
import { type Intake, makeIntake } from "@/lib/circulation/intake/intake";
import { makeSealPool } from "@/lib/circulation/intake/seal-pool";
import { libraryDay } from "@/lib/circulation/library-day";
import type { LibrarySystem } from "@/lib/circulation/port";
import type { Keyring } from "@/lib/custody/keyring";
import { processKeyring } from "@/lib/custody/process-keyring";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

export interface Server {
  db: Database;
  keyring: Keyring;
  librarySystem: LibrarySystem;
  /** The demo library's desk; null with any other library system. */
  desk: ReturnType<typeof openDesk>;
  intake: Intake;
  /** Today's calendar day in the library's time zone. */
  today(): string;
}

declare global {
  var commonplaceServer: Server | undefined;
}

/** Kept on globalThis, because bundles load this module more than once in a process. */
export function server(): Server {
  globalThis.commonplaceServer ??= makeServer();
  return globalThis.commonplaceServer;
}

const intakeConnections = 4;

function makeServer(): Server {
  const { DATABASE_URL, LIBRARY_TIME_ZONE } = env();
  const { db } = openDatabase(DATABASE_URL);
  const today = () => libraryDay(new Date(), LIBRARY_TIME_ZONE);
  const keyring = processKeyring();
  const intake = makeIntake({
    db: openDatabase(DATABASE_URL, intakeConnections).db,
    keyring,
    pool: makeSealPool(keyring),
    log: log(),
  });
  return { db, keyring, librarySystem: chooseLibrarySystem(db), desk: openDesk(db), intake, today };
}
