/** Clears away what killed test runs left behind: their folders in the temporary folder, and a PostgreSQL still on one. */
import { readdir, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { livingClaims } from "./claim";
import { stopAbandoned } from "./embedded-postgres";

const ours = /^commonplace-(test|e2e|bench|embedded)-[A-Za-z0-9]{6}$/;
/** A younger folder may belong to a run that has not claimed it yet. */
const youngestMs = 10 * 60_000;

export async function clearAbandonedFolders(now: number): Promise<void> {
  const parent = await realpath(tmpdir());
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    if (!ours.test(name) || !(await isAbandoned(folder, now))) continue;
    await stopAbandoned(folder);
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}.log`, { force: true });
  }
}

async function isAbandoned(folder: string, now: number): Promise<boolean> {
  const { uid, mtimeMs } = await stat(folder);
  if (uid !== process.getuid?.() || now - mtimeMs < youngestMs) return false;
  const claims = await Promise.all(
    ["start", "postgres-users", "postgres-change"].map((kind) => livingClaims(join(folder, "claims", kind))),
  );
  return claims.every((living) => living.length === 0);
}
