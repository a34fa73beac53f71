/** Decides which user runs PostgreSQL and where its data, log and socket lie. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

export interface RunAs {
  uid: number;
  gid: number;
}

export interface PostgresPlace {
  /** Undefined: as ourselves. PostgreSQL refuses to run as root. */
  runAs: RunAs | undefined;
  /** Holds the data, the log and, where needed, a copy of the programs. */
  home: string;
  data: string;
  log: string;
}

const pointerSchema = z.object({ postgres: z.string() });
/** The longest path that a unix socket's address can carry, on Linux; 103 on macOS. */
const longestSocketPath = process.platform === "darwin" ? 103 : 107;

/**
 * Where PostgreSQL lives for a DATA_DIR. Normally in it; for root, where the unprivileged user cannot enter,
 * in a folder of its own, to which `postgres-place.json` in the DATA_DIR points from then on.
 */
export async function choosePlace(
  dataDir: string,
  onStep?: (sentence: string) => void,
): Promise<PostgresPlace> {
  const pointer = join(dataDir, "postgres-place.json");
  const told = await readPointer(pointer);
  const home = told ?? join(dataDir, "postgres");
  const owner = await ownerOf(join(home, "data"));
  const self = process.getuid?.();
  if (owner && self !== 0 && owner.uid !== self) {
    throw new Error(
      `The data in ${home} belongs to another user (uid ${owner.uid}). Start as that user, or as root.`,
    );
  }
  if (self !== 0) return settle(home, undefined);
  const runAs = owner ?? unprivileged();
  if (told || owner) return settle(home, runAs);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await chown(home, runAs.uid, runAs.gid);
  if (canWork(home, runAs)) return settle(home, runAs);
  await rmdir(home);
  const elsewhere = await makeElsewhere(dataDir, runAs, onStep);
  onStep?.(`PostgreSQL's user (uid ${runAs.uid}) cannot enter ${dataDir}; the data goes to ${elsewhere}`);
  await writeFile(`${pointer}.part`, `${JSON.stringify({ postgres: elsewhere })}\n`);
  await rename(`${pointer}.part`, pointer);
  return settle(elsewhere, runAs);
}

/** A folder for the socket that only PostgreSQL's user may enter, short enough for a socket's address. */
export async function chooseSocketFolder(place: PostgresPlace): Promise<string> {
  const inside = join(place.home, "socket");
  if (Buffer.byteLength(join(inside, ".s.PGSQL.5432")) <= longestSocketPath) {
    await makeOwn(inside, place.runAs);
    return inside;
  }
  const outside = await mkdtemp(join(await realpath(tmpdir()), "commonplace-"));
  if (place.runAs) await chown(outside, place.runAs.uid, place.runAs.gid);
  return outside;
}

async function settle(home: string, runAs: RunAs | undefined): Promise<PostgresPlace> {
  await makeOwn(home, runAs);
  return { runAs, home, data: join(home, "data"), log: join(home, "postgres.log") };
}

async function makeOwn(folder: string, runAs: RunAs | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (runAs) await chown(folder, runAs.uid, runAs.gid);
  await chmod(folder, 0o700);
}

/** The system's own postgres user where there is one, else nobody. */
function unprivileged(): RunAs {
  const ask = (flag: string) =>
    Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout || Number.NaN);
  const uid = ask("-u");
  const gid = ask("-g");
  return uid > 0 && gid > 0 ? { uid, gid } : { uid: 65534, gid: 65534 };
}

function canWork(folder: string, runAs: RunAs): boolean {
  const trial = spawnSync("/bin/sh", ["-c", 'cd "$0" && test -w .', folder], { cwd: "/", ...runAs });
  return trial.status === 0;
}

/**
 * Only ever a folder that we make: one with something in it is an earlier DATA_DIR's, whose keys are gone, and one that
 * another user put under this name, or a link, must not be given to PostgreSQL by root.
 */
export async function makeElsewhere(
  dataDir: string,
  runAs: RunAs,
  onStep?: (sentence: string) => void,
  parents = ["/var/lib", "/var/tmp", tmpdir()],
): Promise<string> {
  const mark = createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
  for (const parent of parents) {
    for (let turn = 1; turn < 100; turn++) {
      const folder = join(parent, `commonplace-${mark}${turn === 1 ? "" : `-${turn}`}`);
      if (await isThere(folder)) {
        if ((await readdir(folder).catch(() => [])).length > 0) {
          onStep?.(`${folder} holds the data of an earlier ${dataDir}; remove it if it is no longer wanted`);
        }
        continue;
      }
      if (await makeUsable(folder, runAs)) return realpath(folder);
      break;
    }
  }
  throw new Error(
    `No folder was found that PostgreSQL's user (uid ${runAs.uid}) can use. Set DATA_DIR or DATABASE_URL.`,
  );
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** False in a parent that is missing, read-only or closed to that user, and when somebody was quicker to make it. */
async function makeUsable(folder: string, runAs: RunAs): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    await makeOwn(folder, runAs);
    if (canWork(folder, runAs)) return true;
    await rmdir(folder);
    return false;
  } catch {
    return false;
  }
}

async function ownerOf(folder: string): Promise<RunAs | undefined> {
  try {
    const { uid, gid } = await stat(folder);
    return { uid, gid };
  } catch {
    return undefined;
  }
}

async function readPointer(path: string): Promise<string | undefined> {
  try {
    const { postgres } = pointerSchema.parse(JSON.parse(await readFile(path, "utf8")));
    return (await lstat(postgres)).isDirectory() ? postgres : undefined;
  } catch {
    return undefined;
  }
}
