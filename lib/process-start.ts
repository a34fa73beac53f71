/** What a server process does once, before it answers: checks what it cannot do without, and takes up its duties. */
import { openDatabase } from "@/db/connection";
import { stampSocketAddresses } from "./auth/client-address";
import { checkLibrarySettings } from "./circulation/chosen-system";
import { libraryDay } from "./circulation/library-day";
import { CustodyFault } from "./custody/custody-fault";
import { keyringPath, readKeyring, readOrMakeKeyring } from "./custody/keyring-file";
import { keyringFits } from "./custody/keyring-fit";
import { type Environment, EnvironmentFault, env } from "./env";
import { describeFault, log, quietConsole } from "./log";
import { sweep } from "./retention/sweep";
import { scheduleSweeps } from "./retention/sweep-schedule";

/** Ends the process with one plain line when it cannot serve: next would answer 500 to everything instead. */
export async function startProcess(): Promise<void> {
  try {
    await takeUpDuties(env());
  } catch (fault) {
    process.stderr.write(`Commonplace cannot start. ${explain(fault)}\n`);
    process.exit(1);
  }
}

async function takeUpDuties(settings: Environment): Promise<void> {
  stampSocketAddresses();
  checkLibrarySettings(settings);
  const path = keyringPath(settings.DATA_DIR);
  await checkKeyring(settings.DATABASE_URL, path);
  const today = (now: Date) => libraryDay(now, settings.LIBRARY_TIME_ZONE);
  readOrMakeKeyring(path, today(new Date()));
  // In development the texts of errors are what a developer needs, and the patrons are invented.
  if (process.env.NODE_ENV === "production") quietConsole(console, log());
  if (!settings.SWEEP_IN_PROCESS) return;
  scheduleSweeps({
    log: log(),
    sweep: () => {
      const now = new Date();
      return sweep({ databaseUrl: settings.DATABASE_URL, keyringPath: path, now, today: today(now) });
    },
  });
}

/** Before a keyring is made: a new one beside an old database would only hide that the right one is missing. */
async function checkKeyring(databaseUrl: string, path: string): Promise<void> {
  const { db, close } = openDatabase(databaseUrl, 1);
  try {
    if (!(await keyringFits(db, readKeyring(path)))) throw new CustodyFault("keyring-of-another-database");
  } finally {
    await close();
  }
}

/** For the person who starts it. Nothing of a foreign error's text, which could quote a secret. */
export function explain(fault: unknown): string {
  if (fault instanceof EnvironmentFault) return fault.message;
  if (fault instanceof CustodyFault && fault.code === "keyring-of-another-database") {
    return "This database holds reading histories, and the keyring in DATA_DIR opens none of them. Put back the keyring.json that belongs to it; nothing was changed. See docs/OPERATIONS.md.";
  }
  if (fault instanceof CustodyFault) {
    return `The keyring in DATA_DIR cannot be used (${fault.code}). See docs/OPERATIONS.md.`;
  }
  const { name, code, frames } = describeFault(fault);
  return `${name}${code ? ` (${code})` : ""} ${frames[0] ?? ""}`.trim();
}
