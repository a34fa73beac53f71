/** Builds the application when the build at hand was not made from the sources at hand. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { claimInTurn } from "./claim";

const sources = ["app", "db", "lib", "messages", "public", "package-lock.json", "tsconfig.json"];
const alsoSources = /^(next\.config|postcss\.config|proxy|middleware|instrumentation(-client)?)\.[a-z]+$/;
const notSources = /\.(test|bench)\.tsx?$/;

/** True when the build was made from exactly these sources. */
export async function isBuilt(root: string): Promise<boolean> {
  const mark = await readFile(markPath(root), "utf8").catch(() => "");
  return mark === fingerprint(root);
}

/** Builds, once even if several processes ask for it at the same time. Throws with the builder's last words. */
export async function buildApplication(root: string): Promise<void> {
  const turn = await claimInTurn(join(root, "node_modules", ".cache", "commonplace-build"));
  try {
    if (await isBuilt(root)) return;
    const print = fingerprint(root);
    await runNextBuild(root);
    await writeFile(markPath(root), print);
  } finally {
    await turn.release();
  }
}

function runNextBuild(root: string): Promise<void> {
  const child = spawn(process.execPath, [nextProgram(), "build"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += String(text)));
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("exit", stop);
      if (code === 0) return resolve();
      const tail = said.trim().split("\n").slice(-60).join("\n");
      reject(new Error(`The application could not be built (next build ended with ${code}).\n\n${tail}`));
    });
  });
}

export function nextProgram(): string {
  return createRequire(import.meta.url).resolve("next/dist/bin/next");
}

function markPath(root: string): string {
  return join(root, ".next", "built-from");
}

/** Names and contents of everything the build reads of ours; times do not matter. */
function fingerprint(root: string): string {
  const hash = createHash("sha256").update(process.version);
  const top = readdirSync(root).filter((name) => sources.includes(name) || alsoSources.test(name));
  const visit = (path: string) => {
    if (statSync(join(root, path)).isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
    } else if (!notSources.test(path)) {
      const content = readFileSync(join(root, path));
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
  };
  for (const name of top.sort()) visit(name);
  return hash.digest("hex");
}
