/** What a server process does once, before it answers: checks what it cannot do without, and takes up its duties. */
import { stampSocketAddresses } from "./auth/client-address";
import { libraryDay } from "./circulation/library-day";
import { CustodyFault } from "./custody/custody-fault";
import { keyringPath, readOrMakeKeyring } from "./custody/keyring-file";
import { type Environment, EnvironmentFault, env } from "./env";
import { describeFault, log, quietConsole } from "./log";
import { sweep } from "./retention/sweep";
import { scheduleSweeps } from "./retention/sweep-schedule";

/** Ends the process with one plain line when it cannot serve: next would answer 500 to everything instead. */
export function startProcess(): void {
  try {
    takeUpDuties(env());
  } catch (fault) {
    process.stderr.write(`Commonplace cannot start. ${explain(fault)}\n`);
    process.exit(1);
  }
}

function takeUpDuties(settings: Environment): void {
  stampSocketAddresses();
  const path = keyringPath(settings.DATA_DIR);
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

/** For the person who starts it. Nothing of a foreign error's text, which could quote a secret. */
export function explain(fault: unknown): string {
  if (fault instanceof EnvironmentFault) return fault.message;
  if (fault instanceof CustodyFault) {
    return `The keyring in DATA_DIR cannot be used (${fault.code}). See docs/OPERATIONS.md.`;
  }
  const { name, code, frames } = describeFault(fault);
  return `${name}${code ? ` (${code})` : ""} ${frames[0] ?? ""}`.trim();
}
