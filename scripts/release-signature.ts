/** Signs the list of a build's files with the builders' Ed25519 key, which lies outside the checkout. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { mkdir, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, relative } from "node:path";
import { type BundleList, builtListPath, parseBundleList, signedListPath } from "@/lib/served-bundles";

export interface SignedRelease {
  list: BundleList;
  publicKey: KeyObject;
  /** Where the signed copy lies; its signature is beside it, with `.sig`. */
  path: string;
}

/**
 * Copies the build's list to `release/` and puts the signature over its exact bytes beside it. Throws, with a sentence for
 * the builder, when the key's place is unsafe or when the list names no commit that others could check out.
 */
export async function signRelease(root: string, keyPath: string): Promise<SignedRelease> {
  const key = await readReleaseKey(root, keyPath);
  const bytes = await readFile(builtListPath(root));
  const list = parseBundleList(bytes);
  if (!list?.commit)
    throw new Error(
      "This build is of no commit: a source had been changed. Commit it, and build from a clean checkout.",
    );
  const path = signedListPath(root);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  await writeFile(`${path}.sig`, sign(null, bytes, key));
  return { list, publicKey: createPublicKey(key), path };
}

async function readReleaseKey(root: string, path: string): Promise<KeyObject> {
  const place = await realpath(path);
  const within = relative(await realpath(root), place);
  if (!within.startsWith("..") && !isAbsolute(within))
    throw new Error(
      "The release key lies in the checkout. Keep it where no server and no repository has it.",
    );
  if (((await stat(place)).mode & 0o077) !== 0)
    throw new Error("Others can read the release key. Make it readable by its owner only (chmod 600).");
  const key = createPrivateKey(await readFile(place));
  if (key.asymmetricKeyType !== "ed25519") throw new Error("The release key is not an Ed25519 key.");
  return key;
}
