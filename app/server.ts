/** The composition root: what the pages and routes of one server process share, made on first use. */
import { join } from "node:path";
import { type Database, openDatabase } from "@/db/connection";
import { chooseLibrarySystem } from "@/lib/circulation/chosen-system";
import { makeIntake, type Intake } from "@/lib/circulation/intake/intake";
import type { LibrarySystem } from "@/lib/circulation/port";
import { type Keyring, openKeyring } from "@/lib/custody/keyring";
import { env } from "@/lib/env";

export interface Server {
  db: Database;
  keyring: Keyring;
  librarySystem: LibrarySystem;
  intake: Intake;
}

const place = Symbol.for("commonplace.server");

/** Kept on globalThis: bundles load this module more than once in a process. */
export function server(): Server {
  const shared: { [place]?: Server } = globalThis;
  shared[place] ??= makeServer();
  return shared[place];
}

function makeServer(): Server {
  const { db } = openDatabase(env().DATABASE_URL);
  const keyring = openKeyring(join(env().DATA_DIR, "keyring.json"));
  return { db, keyring, librarySystem: chooseLibrarySystem(db), intake: makeIntake({ db, keyring }) };
}
