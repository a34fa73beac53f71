import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type BundleList, builtListPath, readServedBundles, signedListPath } from "./served-bundles";

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

const path = "/_next/static/chunks/a.js";
const list: BundleList = {
  format: 1,
  name: "commonplace",
  version: "0.1.0",
  commit: "a".repeat(40),
  sources: "b".repeat(64),
  worker: [path],
  files: { [path]: `sha384-${"c".repeat(64)}` },
};
const signature = Buffer.alloc(64, 7);

async function checkout(built?: BundleList, signed?: BundleList): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "commonplace-served-"));
  made.push(root);
  const write = async (file: string, content: string | Buffer) => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  if (built) await write(builtListPath(root), JSON.stringify(built));
  if (signed) await write(signedListPath(root), JSON.stringify(signed, null, 1));
  if (signed) await write(`${signedListPath(root)}.sig`, signature);
  return root;
}

test("a build that nobody signed is served without a signature", async () => {
  const served = await readServedBundles(await checkout(list));
  expect(served).toEqual({ list: Buffer.from(JSON.stringify(list)) });
});

test("the signed list of the same build is served byte for byte, since those bytes were signed", async () => {
  const root = await checkout({ ...list, commit: undefined }, list);
  expect(await readServedBundles(root)).toEqual({
    list: Buffer.from(JSON.stringify(list, null, 1)),
    signature,
  });
});

test("a signature over another build is not served beside this one", async () => {
  for (const other of [
    { ...list, version: "0.2.0" },
    { ...list, sources: "d".repeat(64) },
    { ...list, worker: [path, path] },
    { ...list, files: { [path]: `sha384-${"d".repeat(64)}` } },
    { ...list, files: { ...list.files, "/_next/static/b.js": `sha384-${"d".repeat(64)}` } },
  ]) {
    expect(await readServedBundles(await checkout(list, other))).toEqual({
      list: Buffer.from(JSON.stringify(list)),
    });
  }
});

test("a signature that is cut short is not served", async () => {
  const root = await checkout(list, list);
  await writeFile(`${signedListPath(root)}.sig`, signature.subarray(1));
  expect((await readServedBundles(root))?.signature).toBeUndefined();
});

test("a checkout without a build serves nothing", async () => {
  expect(await readServedBundles(await checkout(undefined, list))).toBeUndefined();
});
