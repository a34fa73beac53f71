/** Brings the library's database up to date, and the keyring's if it has one: never the one in the other. */
import { migrateDatabase } from "@/db/migrate";
import { prepareKeyringDatabase, separationAdvice } from "@/lib/custody/chosen-keyring";
import { env } from "@/lib/env";

/** Needs the environment to be complete. */
export async function bringUpToDate(databaseUrl: string): Promise<void> {
  await migrateDatabase(databaseUrl);
  const separation = await prepareKeyringDatabase(databaseUrl, env());
  if (separation !== "separate") throw new Error(separationAdvice[separation]);
}
