/** The list of the built files that this server gives to browsers, and the builders' signature over it when there is one. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const integrity = z.string().regex(/^sha384-[A-Za-z0-9+/]{64}$/);
const path = z.string().startsWith("/_next/static/");

export const bundleListSchema = z.strictObject({
  format: z.literal(1),
  name: z.literal("commonplace"),
  version: z.string(),
  /** The commit whose sources these are; absent where the builder's checkout could not tell. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .optional(),
  /** SHA-256 over the names and contents of all sources. */
  sources: z.string().regex(/^[0-9a-f]{64}$/),
  /** The files that the vault's thread is made of, its first one first. All are among `files`. */
  worker: z.array(path).min(1),
  files: z.record(path, integrity),
});
export type BundleList = z.infer<typeof bundleListSchema>;

export const bundleListName = "commonplace-bundles.json";
export const bundleListAddress = `/.well-known/${bundleListName}`;
export const signatureAddress = `${bundleListAddress}.sig`;

export interface ServedBundles {
  /** The list's exact bytes: these are what is signed. */
  list: Buffer;
  /** 64 bytes, Ed25519. Absent for a build that nobody signed. */
  signature?: Buffer;
}

/** Where the build leaves its list. */
export function builtListPath(root: string): string {
  return join(/* turbopackIgnore: true */ root, ".next", bundleListName);
}

/** Where the builders' signed copy of the list lies, and its signature beside it with `.sig`. */
export function signedListPath(root: string): string {
  return join(/* turbopackIgnore: true */ root, "release", bundleListName);
}

/**
 * The signed list when it is a list of this very build, else the build's own. A signature for another build is not
 * served: it would say of these files what nobody said. Undefined in a checkout that has not been built.
 */
export async function readServedBundles(root: string): Promise<ServedBundles | undefined> {
  const built = await readMaybe(builtListPath(root));
  if (!built) return undefined;
  const list = await readMaybe(signedListPath(root));
  const signature = await readMaybe(`${signedListPath(root)}.sig`);
  return list && signature?.length === 64 && isSameBuild(list, built) ? { list, signature } : { list: built };
}

/** Whether two lists name the same sources and the same files; the commit may differ when it changed no source. */
export function isSameBuild(one: Buffer, other: Buffer): boolean {
  const [a, b] = [parseBundleList(one), parseBundleList(other)];
  return a !== undefined && b !== undefined && essence(a) === essence(b);
}

/** The list that these bytes are, or undefined. */
export function parseBundleList(bytes: Buffer): BundleList | undefined {
  try {
    return bundleListSchema.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    return undefined;
  }
}

function essence({ version, sources, worker, files }: BundleList): string {
  return JSON.stringify([version, sources, worker, Object.entries(files).sort()]);
}

async function readMaybe(file: string): Promise<Buffer | undefined> {
  return readFile(/* turbopackIgnore: true */ file).catch(() => undefined);
}
