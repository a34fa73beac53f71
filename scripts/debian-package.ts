/** Installs a Debian package for the tests, where that is possible: as root, on Debian. Whether it worked is seen by looking. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version");
}

export async function installPackage(name: string): Promise<void> {
  await attempt("apt-get", ["update"]);
  await attempt("apt-get", ["install", "-y", "--no-install-recommends", name]);
}

export function attempt(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, {
    stdio: "ignore",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: 300_000,
  });
  return new Promise((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
}
