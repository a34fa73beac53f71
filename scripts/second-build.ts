/** Builds the same sources a second time, in another folder and another environment, and says what came out different. */

import { spawnSync } from "node:child_process";
import { type Dirent, existsSync } from "node:fs";
import {
  cp,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { bundleListName, isSameBuild } from "@/lib/served-bundles";
import { buildApplication } from "./application-build";
import { step } from "./steps.mjs";

/** Never part of a clean checkout. */
const leftBehind =
  /^(node_modules|\.next|\.git|\.data|\.npm-cache|\.env(\.local)?|test-results|next-env\.d\.ts)$/;

/** Next's notes about the building itself (durations, places on this disk), and what a running server keeps for itself. */
const notBuilt = /^(cache|diagnostics|trace|trace-build|server\/route-cache)(\/|$)/;

/** Keys of Next's draft mode, which nothing here uses; each build rolls its own, and they should stay unknown. */
const draftKeys = /("previewMode(?:Id|SigningKey|EncryptionKey)": ?)"[0-9a-f]+"/g;

/** What differs between the build at `root` and one made elsewhere from the same files, one sentence each. */
export async function findBuildDifferences(root: string): Promise<string[]> {
  const above = await mkdtemp(join(tmpdir(), "commonplace second build-"));
  try {
    // A lock file above the checkout makes tools take the folder above for the root.
    await writeFile(join(above, "package-lock.json"), '{"lockfileVersion":3}\n');
    const copy = join(above, "a longer name", "checkout");
    await copyCheckout(root, copy);
    const environment = {
      ...process.env,
      TZ: "Pacific/Chatham",
      LC_ALL: "C",
      LIBRARY_NAME: "Another Library",
    };
    const built = spawnSync(process.execPath, ["scripts/run.mjs", "build"], {
      cwd: copy,
      env: environment,
      encoding: "utf8",
    });
    if (built.status !== 0) throw new Error(`The second build failed.\n${built.stdout}${built.stderr}`);
    return await compareBuilds(root, copy);
  } finally {
    await rm(above, { recursive: true, force: true });
  }
}

/** Compares everything under `.next` that is served, run or read by the server. */
export async function compareBuilds(first: string, second: string): Promise<string[]> {
  const [ours, theirs] = [await readBuild(first), await readBuild(second)];
  if (ours.size === 0) return ["There is no first build to compare with."];
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return names.flatMap((name) => {
    const [a, b] = [ours.get(name), theirs.get(name)];
    if (!a || !b) return [`.next/${name} is only in the ${a ? "first" : "second"} build`];
    // The copy has no repository, so its list names no commit.
    const isSame = name === bundleListName ? isSameBuild(a, b) : a.equals(b);
    return isSame ? [] : [`.next/${name} differs`];
  });
}

async function readBuild(root: string): Promise<Map<string, Buffer>> {
  const folder = join(root, ".next");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((): Dirent[] => []);
  const files = new Map<string, Buffer>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const name = relative(folder, join(entry.parentPath, entry.name));
    if (notBuilt.test(name)) continue;
    files.set(name, withoutOwn(name, await readFile(join(folder, name)), root));
  }
  return files;
}

/** A file without what is each build's own: the checkout's path in Next's settings, and the draft keys. */
function withoutOwn(name: string, bytes: Buffer, root: string): Buffer {
  if (/^required-server-files\.(js|json)$/.test(name))
    return Buffer.from(
      bytes
        .toString("utf8")
        // Where Next believes the repository begins: it goes by lock files, and checks the build folder's place by it.
        .replace(/"repoRoot": ?"[^"]+"/, "")
        .replaceAll(JSON.stringify(root).slice(1, -1), "ROOT"),
    );
  if (/^(prerender-manifest|server\/preview-props)\.json$/.test(name))
    return Buffer.from(bytes.toString("utf8").replaceAll(draftKeys, '$1"OWN"'));
  return bytes;
}

async function copyCheckout(root: string, copy: string): Promise<void> {
  await mkdir(copy, { recursive: true });
  for (const name of await readdir(root))
    if (!leftBehind.test(name)) await cp(join(root, name), join(copy, name), { recursive: true });
  await linkFolder(join(root, "node_modules"), join(copy, "node_modules"));
}

/** The same packages again without their weight: hard links, or copies where links cannot reach. */
async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.name === ".cache") continue;
    if (entry.isDirectory()) await linkFolder(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target).catch(() => cp(source, target));
  }
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const root = process.cwd();
  if (!existsSync(join(root, ".next"))) await step("building the application", () => buildApplication(root));
  const differences = await step("building it again elsewhere", () => findBuildDifferences(root));
  for (const difference of differences) console.error(`  ${difference}`);
  if (differences.length > 0) process.exitCode = 1;
}
