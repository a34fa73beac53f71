/** What the build in this checkout would give to browsers: its files' hashes and the scripts written into its pages. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { builtListPath } from "@/lib/served-bundles";
import { isBuilt } from "./application-build";
import { integrityOf, readBuiltFiles } from "./bundle-list";

export interface ExpectedBuild {
  /** The path that each built file is served at, and its hash as `integrity` has it. */
  files: Map<string, string>;
  /** Scripts that Next gives an `integrity`; a page that leaves one out is not ours. */
  carryIntegrity: Set<string>;
  /** The texts of scripts inside pages, apart from those that only carry data. */
  inlineScripts: Set<string>;
  /** The bytes of the build's own list. */
  list: Buffer;
}

const manifestSchema = z.object({
  rootMainFiles: z.array(z.string()),
  polyfillFiles: z.array(z.string()),
  pagesChunkGroupBootstrapParams: z.record(z.string(), z.unknown()),
});

/** Throws when the build was not made from the sources at hand: it would prove nothing about them. */
export async function readExpectedBuild(root: string): Promise<ExpectedBuild> {
  if (!(await isBuilt(root)))
    throw new Error("There is no build of these sources here to compare with. Run npm run build first.");
  const files = await readBuiltFiles(root);
  const manifest = manifestSchema.parse(
    JSON.parse(await readFile(join(root, ".next", "build-manifest.json"), "utf8")),
  );
  const starts = Object.values(manifest.pagesChunkGroupBootstrapParams).map(
    (params) =>
      `(globalThis["TURBOPACK"] || (globalThis["TURBOPACK"] = [])).push(${JSON.stringify(params)});`,
  );
  return {
    files: new Map([...files].map(([path, bytes]) => [path, integrityOf(bytes)])),
    carryIntegrity: new Set(
      [...manifest.rootMainFiles, ...manifest.polyfillFiles].map((name) => `/_next/${name}`),
    ),
    inlineScripts: new Set([await trustedTypesPolicy(root), ...starts]),
    list: await readFile(builtListPath(root)),
  };
}

/** Read as text: nothing outside `app` may import from it. */
async function trustedTypesPolicy(root: string): Promise<string> {
  const source = await readFile(join(root, "app", "trusted-types.tsx"), "utf8");
  const policy = /^const policy = `([^`$\\]+)`;$/m.exec(source)?.[1];
  if (!policy) throw new Error("app/trusted-types.tsx holds no policy that can be read.");
  return policy;
}
