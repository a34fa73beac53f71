/** What a server process does once, before it answers: checks what it cannot do without, and takes up its duties. */
import { openDatabase } from "@/db/connection";
import { stampSocketAddresses } from "./auth/client-address";
import { checkLibrarySettings } from "./circulation/chosen-system";
import { libraryDay, libraryHour } from "./circulation/library-day";
import { chooseKeyring, prepareKeyringDatabase, separationAdvice } from "./custody/chosen-keyring";
import { CustodyFault } from "./custody/custody-fault";
import { openKeyring } from "./custody/keyring";
import { examineFit } from "./custody/keyring-fit";
import type { KeyringStore } from "./custody/keyring-store";
import { adviseOnMisfit } from "./custody/misfit-advice";
import { takeUpKeyring } from "./custody/process-keyring";
import { type Environment, EnvironmentFault, env } from "./env";
import { describeFault, log, quietConsole } from "./log";
import { isQuiet } from "./retention/quiet-hours";
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

/** Why the process must not serve, in a sentence for the person who starts it. */
class RefusedStart extends Error {
  constructor(readonly advice: string) {
    super("refused-start");
    this.name = "RefusedStart";
  }
}

async function takeUpDuties(settings: Environment): Promise<void> {
  stampSocketAddresses();
  checkLibrarySettings(settings);
  const separation = await prepareKeyringDatabase(settings.DATABASE_URL, settings);
  if (separation !== "separate") throw new RefusedStart(separationAdvice[separation]);
  const store = chooseKeyring(settings);
  await checkFit(settings.DATABASE_URL, store);
  const today = (now: Date) => libraryDay(now, settings.LIBRARY_TIME_ZONE);
  takeUpKeyring(await openKeyring(store, today(new Date())));
  // In development the texts of errors are what a developer needs, and the patrons are invented.
  if (process.env.NODE_ENV === "production") quietConsole(console, log());
  if (!settings.SWEEP_IN_PROCESS) return;
  scheduleSweeps({
    log: log(),
    sweep: () => {
      const now = new Date();
      return sweep({
        databaseUrl: settings.DATABASE_URL,
        keyring: store,
        now,
        today: today(now),
        mayCompact: isQuiet(libraryHour(now, settings.LIBRARY_TIME_ZONE), settings.QUIET_HOURS),
        unopenedVaultMonths: settings.UNOPENED_VAULT_MONTHS,
      });
    },
  });
}

/** Before a keyring is made: a new one beside an old database would only hide that the right one is missing. */
async function checkFit(databaseUrl: string, store: KeyringStore): Promise<void> {
  const { db, close } = openDatabase(databaseUrl, 1);
  try {
    const contents = await store.read();
    const fit = await examineFit(db, contents);
    if (!fit.ok) throw new RefusedStart(adviseOnMisfit(fit, contents));
  } finally {
    await close();
  }
}

/** For the person who starts it. Nothing of a foreign error's text, which could quote a secret. */
export function explain(fault: unknown): string {
  if (fault instanceof EnvironmentFault) return fault.message;
  if (fault instanceof RefusedStart) return `${fault.advice} See docs/OPERATIONS.md.`;
  if (fault instanceof CustodyFault) {
    return `The keyring cannot be used (${fault.code}). See docs/OPERATIONS.md.`;
  }
  const { name, code, frames } = describeFault(fault);
  return `${name}${code ? ` (${code})` : ""} ${frames[0] ?? ""}`.trim();
}
