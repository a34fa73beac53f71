/** The database for a command such as the catalogue's import: the one in use, or one started for the duration. */
import { bringUpToDate } from "./database-schemas";
import { ensurePostgres, makeDataDir } from "./embedded-postgres";
import { ensureSecrets } from "./secrets";
import { completeEnvironment, givenSettings } from "./settings";

/**
 * Runs `work` with the address of a migrated database, and with the environment complete, so that `env()` can be
 * used. The server may be up at the same time.
 */
export async function withCommandDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const settings = givenSettings(process.env);
  await makeDataDir(settings.DATA_DIR);
  const secrets = await ensureSecrets(settings.DATA_DIR, process.env);
  if (process.env.DATABASE_URL) {
    completeEnvironment(settings, { ...secrets });
    await bringUpToDate(process.env.DATABASE_URL);
    return work(process.env.DATABASE_URL);
  }
  const postgres = await ensurePostgres({ dataDir: settings.DATA_DIR });
  const release = async () => {
    await postgres.stop();
    process.exit(130);
  };
  process.once("SIGINT", release);
  process.once("SIGTERM", release);
  try {
    completeEnvironment(settings, { ...secrets, DATABASE_URL: postgres.url });
    await bringUpToDate(postgres.url);
    return await work(postgres.url);
  } finally {
    process.off("SIGINT", release);
    process.off("SIGTERM", release);
    await postgres.stop();
  }
}
