/** The first step of every npm script: checks Node, installs packages if need be, then runs `scripts/<command>.ts`. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { install, isInstalled } from "./install.mjs";
import { step } from "./steps.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const needed = [20, 19];

try {
  checkNode();
  process.chdir(root);
  const command = process.argv[2] ?? "";
  const script = join(root, "scripts", `${command}.ts`);
  if (!/^[a-z-]+$/.test(command) || !existsSync(script)) throw new Error(`There is no command "${command}".`);
  if (!isInstalled(root)) await step("installing packages", () => install(root));
  if (command !== "test" && existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
  // From here on the arguments are the command's own.
  process.argv.splice(1, 2, script);
  const { register } = await import("tsx/esm/api");
  register();
  await import(pathToFileURL(script).href);
} catch (cause) {
  console.error(`\n${cause instanceof Error ? cause.message : String(cause)}\n`);
  if (process.env.DEBUG) console.error(cause);
  process.exitCode = 1;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  throw new Error(
    `Commonplace needs Node.js ${needed.join(".")} or later; this is ${process.versions.node}. Get one at nodejs.org.`,
  );
}
