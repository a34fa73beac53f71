/** Builds the application when the build at hand was not made from the sources at hand. */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { writeBundleList } from "./bundle-list";
import { claimInTurn } from "./claim";
import { fingerprintSources } from "./source-fingerprint";

/**
 * [Note: a public key for server actions] Next salts the names of form actions with this key, and by default makes a new
 * one for each build, so no two builds were alike. It would also encrypt what an action written inside a component
 * closes over; there is none here. The running server takes a secret key of its own in its place (web-server.mjs).
 */
const actionsKeyB64 = Buffer.alloc(32, "commonplace").toString("base64");

/** True when the build was made from exactly these sources. */
export async function isBuilt(root: string): Promise<boolean> {
  const mark = await readFile(markPath(root), "utf8").catch(() => "");
  return mark === madeFrom(root);
}

/** Builds, once even if several processes ask for it at the same time. Throws with the builder's last words. */
export async function buildApplication(root: string): Promise<void> {
  const turn = await claimInTurn(join(root, "node_modules", ".cache", "commonplace-build"));
  try {
    if (await isBuilt(root)) return;
    const print = madeFrom(root);
    await runNextBuild(root);
    await writeBundleList(root);
    await writeFile(markPath(root), print);
  } finally {
    await turn.release();
  }
}

function runNextBuild(root: string): Promise<void> {
  const child = spawn(process.execPath, [nextProgram(), "build"], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKeyB64,
    },
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

function madeFrom(root: string): string {
  return `${process.version} ${fingerprintSources(root)}`;
}
