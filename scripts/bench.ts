/** `npm run bench`: runs the measures in bench/, all or those named (`npm run bench -- search`), under one heading. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { createTemplate, runStatement, templateName } from "@/db/test-template";
import { ensurePostgres } from "./embedded-postgres";

const endings = ".bench.ts";
const names = readdirSync("bench", { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(endings))
  .map((entry) => entry.name.slice(0, -endings.length));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0)
  throw new Error(`There is no measure "${unknown.join(", ")}". There are: ${names.join(", ")}.`);

const require = createRequire(import.meta.url);
console.log(`
${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB
Node ${process.versions.node}, next ${require("next/package.json").version}, PostgreSQL 18 (bundled), ${process.platform} ${release()}
`);

/** Each measure is a process of its own, with an empty migrated database that is as durable as the real one. */
const dataDir = await mkdtemp(join(tmpdir(), "commonplace-bench-"));
if (process.getuid?.() === 0) await chmod(dataDir, 0o711);
const postgres = await ensurePostgres({ dataDir });
const failed: string[] = [];
try {
  await createTemplate(postgres.url);
  for (const name of asked.length > 0 ? asked : names) {
    console.log(`── ${name}`);
    const database = `bench_${name.replaceAll("-", "_")}`;
    await runStatement(postgres.url, `create database ${database} template ${templateName}`);
    const run = spawnSync(process.execPath, ["--import", "tsx", join("bench", `${name}${endings}`)], {
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        NODE_ENV: "production",
        DATA_DIR: dataDir,
        DATABASE_URL: postgres.url.replace("/commonplace?", `/${database}?`),
        AUTH_SECRET: randomBytes(32).toString("base64url"),
        LOANS_TOKEN: randomBytes(32).toString("base64url"),
        LOG_LEVEL: "silent",
      },
    });
    if (run.status !== 0) failed.push(name);
    console.log();
  }
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
if (names.length === 0 || failed.length > 0) {
  console.error(`Outside their limits or broken: ${failed.join(", ") || "there are no measures"}`);
  process.exitCode = 1;
}
