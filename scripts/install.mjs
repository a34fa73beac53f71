/** Installs the packages of package-lock.json when node_modules lacks them. Uses nothing but Node itself. */
import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/**
 * Whether node_modules holds what package-lock.json asks for, by npm's own note of what it installed.
 * @param {string} root
 */
export function isInstalled(root) {
  try {
    const wanted = readPackages(join(root, "package-lock.json"));
    const present = readPackages(join(root, "node_modules", ".package-lock.json"));
    return Object.entries(wanted).every(([path, entry]) => {
      if (path === "") return true;
      const found = present[path];
      if (!found) return entry.optional === true;
      return found.version === entry.version && existsSync(join(root, path, "package.json"));
    });
  } catch {
    return false;
  }
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

/**
 * Runs `npm ci`. Resolves when it is done; rejects with a plain sentence.
 * @param {string} root
 * @returns {Promise<void>}
 */
export function install(root) {
  if (!isWritable(root)) {
    return Promise.reject(
      new Error(
        `The packages are not installed, and this user may not write to ${root}. Run it as the folder's owner.`,
      ),
    );
  }
  const npmScript = process.env.npm_execpath;
  const viaNode = npmScript !== undefined && basename(npmScript).startsWith("npm-cli");
  const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const cache = isWritable(homedir()) ? {} : { npm_config_cache: join(root, ".npm-cache") };
  const child = spawn(viaNode ? process.execPath : "npm", viaNode ? [npmScript, ...args] : args, {
    cwd: root,
    env: { ...process.env, ...cache },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += String(text)));
  return new Promise((resolve, reject) => {
    child.once("error", () =>
      reject(new Error("npm was not found. Install Node.js with npm, then try again.")),
    );
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(explain(said, code)))));
  });
}

/** @type {[RegExp, string][]} */
const explanations = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/,
    "The package registry could not be reached. The first start needs a connection; later ones do not.",
  ],
  [/ENOSPC/, "The disk is full."],
  [
    /EACCES|EPERM|EROFS/,
    "A file or folder could not be written. Check who owns this folder and node_modules.",
  ],
  [
    /can only install|in sync/,
    "package.json and package-lock.json do not fit together. Run `npm install` once.",
  ],
  [/E401|E403/, "The package registry refused access."],
  [/E404|ETARGET/, "The package registry does not have one of the packages."],
];

/**
 * @param {string} said
 * @param {number | null} code
 */
function explain(said, code) {
  const reason = explanations.find(([pattern]) => pattern.test(said))?.[1] ?? `npm ended with code ${code}.`;
  const tail = said.trim().split("\n").slice(-8).join("\n    ");
  return `The packages could not be installed. ${reason}\n\n    ${tail}`;
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
