/** Gives a vitest run a PostgreSQL of its own in a temporary folder, as `npm start` gives one to the application. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTemplate } from "@/db/test-template";
import { clearAbandonedFolders } from "./abandoned-folders";
import { ensurePostgres } from "./embedded-postgres";

export async function setup(): Promise<() => Promise<void>> {
  await clearAbandonedFolders(Date.now());
  const dataDir = await mkdtemp(join(tmpdir(), "commonplace-test-"));
  if (process.getuid?.() === 0) await chmod(dataDir, 0o711);
  const postgres = await ensurePostgres({ dataDir, settings: { fsync: "off", max_connections: "200" } });
  await createTemplate(postgres.url);
  process.env.COMMONPLACE_TEST_POSTGRES = postgres.url;
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
