/** Finds a Chromium for the browser tests, or gets one. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { attempt, canInstallPackages, installPackage } from "./debian-package";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The path of a Chromium that is already here: `CHROMIUM`, playwright's own, or the system's. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { CHROMIUM, PATH = "" } = environment;
  if (CHROMIUM) {
    if (runs(CHROMIUM)) return CHROMIUM;
    throw new Error(`CHROMIUM names ${CHROMIUM}, which does not run.`);
  }
  const places = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [chromium.executablePath(), ...places, ...macPlaces].find((path) => existsSync(path) && runs(path));
}

/** Finds one; failing that installs playwright's own; failing that, as root on Debian, the system's package. */
export async function obtainChromium(note: (sentence: string) => void): Promise<string> {
  const found = findChromium();
  if (found) return found;
  note("downloading a Chromium for playwright");
  await attempt(process.execPath, [
    join("node_modules", "@playwright", "test", "cli.js"),
    "install",
    "chromium",
  ]);
  const downloaded = findChromium();
  if (downloaded) return downloaded;
  if (canInstallPackages()) {
    note("installing Debian's chromium package");
    await installPackage("chromium");
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    "No Chromium was found or could be installed. Install one, or name one: CHROMIUM=/path npm test",
  );
}

function runs(path: string): boolean {
  return spawnSync(path, ["--version"], { timeout: 30_000 }).status === 0;
}
