/** Looks into the built application: the opening half must be in the browser's bundles and in none of the server's. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { step } from "./steps.mjs";

/** What is wrong with the bundles under `root/.next`, one sentence each. Throws when the check itself proves blind. */
export async function findBundleFaults(root: string): Promise<string[]> {
  const mark = await readMark(root);
  await proveCheck(mark);
  return faultsIn(join(root, ".next"), mark);
}

/** The mark is read as text: importing it would carry the opening half where it must not be. */
async function readMark(root: string): Promise<string> {
  const source = await readFile(join(root, "lib/vault/open/marker.ts"), "utf8");
  const mark = /export const \w+ = "([^"]{16,})"/.exec(source)?.[1];
  if (!mark) throw new Error("lib/vault/open/marker.ts exports no mark.");
  return mark;
}

async function faultsIn(build: string, mark: string): Promise<string[]> {
  const server = await filesWith(join(build, "server"), mark);
  const standalone = await filesWith(join(build, "standalone"), mark);
  const browser = await filesWith(join(build, "static"), mark);
  const faults = [...server.found, ...standalone.found].map(
    (file) => `The opening half is in the server's ${file}`,
  );
  if (server.looked === 0) faults.push(`No file was found in ${build}/server; it proves nothing.`);
  if (browser.found.length === 0) faults.push("The opening half is in none of the browser's files.");
  return faults;
}

async function filesWith(folder: string, mark: string): Promise<{ looked: number; found: string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) if ((await readFile(file)).includes(mark)) found.push(file);
  return { looked: files.length, found };
}

/** Small builds with the fault planted: each must be told apart from the sound one. */
async function proveCheck(mark: string): Promise<void> {
  const expected: [string, string, number][] = [
    ["", mark, 0],
    [mark, mark, 1],
    ["", "", 1],
    [mark, "", 2],
  ];
  for (const [inServer, inBrowser, faults] of expected) {
    const build = await mkdtemp(join(tmpdir(), "commonplace-bundles-"));
    try {
      await mkdir(join(build, "server", "chunks"), { recursive: true });
      await mkdir(join(build, "static", "chunks"), { recursive: true });
      await writeFile(join(build, "server", "chunks", "a.js"), `x="${inServer}"`);
      await writeFile(join(build, "static", "chunks", "b.js"), `x="${inBrowser}"`);
      const seen = (await faultsIn(build, mark)).length;
      if (seen !== faults)
        throw new Error(`The bundle check is blind: it saw ${seen} of ${faults} planted faults.`);
    } finally {
      await rm(build, { recursive: true, force: true });
    }
  }
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const faults = await step("bundles", () => findBundleFaults(process.cwd()));
  for (const fault of faults) console.error(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
