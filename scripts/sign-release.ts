/** `npm run sign-release -- --key FILE`: signs the list of this build's files; the server then serves list and signature. */
import { parseArgs } from "node:util";
import { isBuilt } from "./application-build";
import { signRelease } from "./release-signature";
import { keyName } from "./server-comparison";

const root = process.cwd();
const { values } = parseArgs({ args: process.argv.slice(2), options: { key: { type: "string" } } });
if (!values.key) throw new Error("npm run sign-release -- --key FILE, an Ed25519 private key in PEM");
if (!(await isBuilt(root)))
  throw new Error("There is no build of these sources here. Run npm run build first.");

const { list, publicKey, path } = await signRelease(root, values.key);
console.log(`  ${Object.keys(list.files).length} files of version ${list.version}, commit ${list.commit}`);
console.log(`  signed by ${keyName(publicKey)}: ${path} and ${path}.sig`);
