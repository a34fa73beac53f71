/** Makes the list of the built files that browsers get, each with its hash, in the form that scripts carry as `integrity`. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { type BundleList, builtListPath } from "@/lib/served-bundles";
import { fingerprintSources, sourceNames } from "./source-fingerprint";

const packageSchema = z.object({ version: z.string() });

/** Writes the list beside the build. It holds no time and no path of this machine: the same sources give the same bytes. */
export async function writeBundleList(root: string): Promise<void> {
  const { version } = packageSchema.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  const commit = await commitOf(root);
  const built = await readBuiltFiles(root);
  const list: BundleList = {
    format: 1,
    name: "commonplace",
    version,
    ...(commit ? { commit } : {}),
    sources: fingerprintSources(root),
    worker: workerFiles(built),
    files: Object.fromEntries([...built].map(([path, bytes]) => [path, integrityOf(bytes)])),
  };
  await writeFile(builtListPath(root), `${JSON.stringify(list, null, 2)}\n`);
}

/** Every file under `.next/static`, by the path it is served at, in order. */
export async function readBuiltFiles(root: string): Promise<Map<string, Buffer>> {
  const folder = join(root, ".next", "static");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  const files = new Map<string, Buffer>();
  for (const name of names.sort()) files.set(`/_next/static/${name}`, await readFile(join(folder, name)));
  return files;
}

export function integrityOf(bytes: Buffer): string {
  return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}

/** What the pages start the vault's thread with: its first file, then the ones that this loads. */
export function workerFiles(files: Map<string, Buffer>): string[] {
  const starts = [...files.entries()]
    .filter(([path]) => path.endsWith(".js"))
    .flatMap(([, bytes]) => [
      ...bytes.toString("utf8").matchAll(/"(static\/chunks\/turbopack-worker-[^"]+)",(\["[^\]]+"\])/g),
    ]);
  const named = starts.flatMap(([, first = "", others = "[]"]) => [
    first,
    ...z.array(z.string()).parse(JSON.parse(others)),
  ]);
  const paths = [...new Set(named)].map((name) => `/_next/${name}`);
  const lost = paths.filter((path) => !files.has(path));
  if (paths.length === 0 || lost.length > 0)
    throw new Error(`The vault's thread was not found among the built files. ${lost.join(", ")}`);
  return paths;
}

/** The commit whose sources these are; undefined without git, or when a source has changed since. */
async function commitOf(root: string): Promise<string | undefined> {
  const git = (...args: string[]) =>
    promisify(execFile)("git", args, { cwd: root }).then(({ stdout }) => stdout.trim());
  try {
    // A checkout inside another repository's folder is not of its commit.
    if ((await git("rev-parse", "--show-prefix")) !== "") return undefined;
    if ((await git("status", "--porcelain", "--", ...sourceNames(root))) !== "") return undefined;
    return await git("rev-parse", "HEAD");
  } catch {
    return undefined;
  }
}
