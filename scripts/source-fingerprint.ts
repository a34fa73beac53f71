/** Names a state of the sources by what they hold: the same files give the same name, in any folder, at any time. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const sources = ["app", "db", "lib", "messages", "public", "package-lock.json", "tsconfig.json"];
const alsoSources = /^(next\.config|postcss\.config|proxy|middleware|instrumentation(-client)?)\.[a-z]+$/;
const notSources = /\.(test|bench)\.tsx?$/;

/** The entries of the checkout's top folder that a build reads, in order. */
export function sourceNames(root: string): string[] {
  return readdirSync(root)
    .filter((name) => sources.includes(name) || alsoSources.test(name))
    .sort();
}

/** SHA-256, in hex, of the names and contents of everything the build reads of ours; times and folder do not matter. */
export function fingerprintSources(root: string): string {
  const hash = createHash("sha256");
  const visit = (path: string) => {
    if (statSync(join(root, path)).isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
    } else if (!notSources.test(path)) {
      const content = readFileSync(join(root, path));
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
  };
  for (const name of sourceNames(root)) visit(name);
  return hash.digest("hex");
}
