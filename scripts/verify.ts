/** `npm run verify -- URL [--key FILE]`: whether a running server gives browsers what the build in this checkout holds. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readExpectedBuild } from "./expected-build";
import { compareServer } from "./server-comparison";

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: { key: { type: "string" } },
  allowPositionals: true,
});

const origin = readOrigin(positionals);
const build = await readExpectedBuild(process.cwd());
const findings = await compareServer(origin, build, values.key ? readKey(values.key) : undefined);

console.log(`\n${origin.origin} and the build in this checkout\n`);
const width = Math.max(...findings.map(({ what }) => what.length));
for (const { what, says, faults } of findings) {
  console.log(
    `  ${faults.length === 0 ? "✓" : "✗"} ${what.padEnd(width)}  ${faults.length === 0 ? (says ?? "") : ""}`.trimEnd(),
  );
  for (const fault of faults) console.log(`      ${fault}`);
}
const different = findings.reduce((sum, { faults }) => sum + faults.length, 0);
console.log(
  different === 0
    ? "\nEqual. This says what the server gave to this visitor, now; not what it gives to others.\n"
    : `\n${different} ${different === 1 ? "difference" : "differences"}. This server does not serve this build.\n`,
);
if (different > 0) process.exitCode = 1;

function readOrigin(given: string[]): URL {
  const usage =
    "npm run verify -- URL [--key FILE], where URL is the front page of one server, such as https://catalogue.example.org";
  const [address] = given;
  if (given.length !== 1 || !address || !URL.canParse(address)) throw new Error(usage);
  const url = new URL(address);
  const isFrontPage = url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (!/^https?:$/.test(url.protocol) || !isFrontPage) throw new Error(usage);
  return url;
}

function readKey(path: string): KeyObject {
  const key = createPublicKey(readFileSync(path));
  if (key.asymmetricKeyType !== "ed25519") throw new Error(`${path} is not an Ed25519 key.`);
  return key;
}
