/** `npm start`: the built application, built first if need be. */
import { buildApplication, isBuilt } from "./application-build";
import { runLibrary } from "./library-run";
import { step } from "./steps.mjs";
import { startWeb } from "./web-process";

const root = process.cwd();

await runLibrary({
  command: "npm start",
  prepare: async () => {
    if (!(await isBuilt(root))) await step("building the application", () => buildApplication(root));
  },
  serve: () =>
    startWeb(
      root,
      ["scripts/web-server.mjs"],
      { ...process.env, NODE_ENV: "production", NEXT_MANUAL_SIG_HANDLE: "true" },
      { saysWhenReady: true },
    ),
});
