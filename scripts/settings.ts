/** The environment as the commands complete it: absolute paths, secrets made once, an address for the database. */
import { resolve } from "node:path";
import { type Environment, parseEnvironment } from "@/lib/env";

/** What the environment says before the database and the secrets are there; faults in it are told at once. */
export function givenSettings(source: NodeJS.ProcessEnv): Environment {
  const later = "x".repeat(32);
  const given = parseEnvironment({
    ...source,
    DATABASE_URL: source.DATABASE_URL || later,
    AUTH_SECRET: source.AUTH_SECRET || later,
    LOANS_TOKEN: source.LOANS_TOKEN || later,
  });
  return { ...given, DATA_DIR: resolve(given.DATA_DIR) };
}

/** Puts what is now known into this process's environment, for itself and its children. */
export function completeEnvironment(settings: Environment, known: Record<string, string>): void {
  Object.assign(process.env, known, {
    DATA_DIR: settings.DATA_DIR,
    PORT: String(settings.PORT),
    HOST: settings.HOST,
    NEXT_TELEMETRY_DISABLED: "1",
  });
}
