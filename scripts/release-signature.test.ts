import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { builtListPath, readServedBundles } from "@/lib/served-bundles";
import { signRelease } from "./release-signature";

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "commonplace-release-"));
  made.push(folder);
  return folder;
}

async function checkout(commit?: string): Promise<string> {
  const root = await newFolder();
  const path = "/_next/static/a.js";
  const list = { format: 1, name: "commonplace", version: "0.1.0", commit, sources: "b".repeat(64) };
  const files = { worker: [path], files: { [path]: `sha384-${"c".repeat(64)}` } };
  await mkdir(dirname(builtListPath(root)), { recursive: true });
  await writeFile(builtListPath(root), JSON.stringify({ ...list, ...files }));
  return root;
}

async function keyIn(folder: string): Promise<string> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const path = join(folder, "release.pem");
  await writeFile(path, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return path;
}

const commit = "a".repeat(40);

test("what is signed is served, and the signature is over the bytes that are served", async () => {
  const [root, key] = [await checkout(commit), await keyIn(await newFolder())];
  const { publicKey } = await signRelease(root, key);
  const served = await readServedBundles(root);
  expect(served?.list).toEqual(await readFile(builtListPath(root)));
  const isBy = (list: Buffer) => verify(null, list, publicKey, served?.signature ?? Buffer.alloc(0));
  expect(isBy(served?.list ?? Buffer.alloc(0))).toBe(true);
  expect(isBy(Buffer.concat([served?.list ?? Buffer.alloc(0), Buffer.from(" ")]))).toBe(false);
  expect(publicKey.equals(createPublicKey(await readFile(key)))).toBe(true);
});

test("a key in the checkout, or one that others can read, is refused", async () => {
  const root = await checkout(commit);
  await expect(signRelease(root, await keyIn(root))).rejects.toThrow("lies in the checkout");
  const open = await keyIn(await newFolder());
  await chmod(open, 0o640);
  await expect(signRelease(root, open)).rejects.toThrow("Others can read");
});

test("a build of changed sources is not signed: nobody else could make it", async () => {
  const key = await keyIn(await newFolder());
  await expect(signRelease(await checkout(), key)).rejects.toThrow("of no commit");
});
