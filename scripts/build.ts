/** `npm run build`: the application for production, and the list of its files' hashes, if the sources have changed. */
import { builtListPath } from "@/lib/served-bundles";
import { buildApplication } from "./application-build";
import { step } from "./steps.mjs";

const root = process.cwd();
await step("building the application", () => buildApplication(root));
console.log(`  The hashes of its files: ${builtListPath(root)}`);
