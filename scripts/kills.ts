/** `npm run kills`: kills the parts of a library at 1,000 random moments, or as many as said, and holds what is left against what was acknowledged. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const run = spawnSync(
  process.execPath,
  ["--import", "tsx", join("bench", "kill-points.ts"), ...process.argv.slice(2)],
  { stdio: "inherit", env: { ...process.env, NODE_ENV: "production", LOG_LEVEL: "silent" } },
);
process.exitCode = run.status ?? 1;
