/** `npm start`: from whatever state the machine is in to a running library, then a clean stop. */
import { migrateDatabase } from "@/db/migrate";
import { buildApplication, isBuilt } from "./application-build";
import { claimAlone } from "./claim";
import { type EmbeddedPostgres, ensurePostgres, makeDataDir } from "./embedded-postgres";
import { loadFirstData } from "./first-data";
import { assertPortFree } from "./port-check";
import { ensureSecrets, secretsPath } from "./secrets";
import { completeEnvironment, givenSettings } from "./settings";
import { step } from "./steps.mjs";
import { type StopReason, stopRequest } from "./stop-request";
import { startWeb, type WebProcess } from "./web-process";

const root = process.cwd();
const settings = givenSettings(process.env);
const address = `http://localhost:${settings.PORT}`;

/** Each is a promise from the moment it begins, so that a stop in the middle knows what to wait for. */
let postgres: Promise<EmbeddedPostgres> | undefined;
let web: Promise<WebProcess> | undefined;
let stopping: Promise<void> | undefined;

const asked = stopRequest(() => process.exit(130));

console.log("\nCommonplace\n");
const dataDir = await makeDataDir(settings.DATA_DIR);
const answer = await claimAlone(`${dataDir}/claims/start`, address);
if (!answer.ok) {
  throw new Error(
    `Commonplace already runs on ${dataDir} and serves ${answer.holder.says}. ` +
      "Stop that one first, or give this one a folder of its own: DATA_DIR=other PORT=other npm start",
  );
}

try {
  const outcome = await Promise.race([asked, bringUp()]);
  if (outcome === "up") await keepUp();
  else await endBy(outcome);
} catch (cause) {
  await stopAll();
  throw cause;
}

async function bringUp(): Promise<"up"> {
  await assertPortFree(settings.PORT, "npm start");
  if (!(await isBuilt(root))) await step("building the application", () => buildApplication(root));
  const secrets = await ensureSecrets(dataDir, process.env);
  assertGoingOn();
  if (!process.env.DATABASE_URL) {
    postgres = step("starting PostgreSQL", (onStep) => ensurePostgres({ dataDir, onStep }));
  }
  const url = (await postgres)?.url ?? process.env.DATABASE_URL ?? "";
  assertGoingOn();
  completeEnvironment(settings, { ...secrets, DATABASE_URL: url });
  await step("bringing the database up to date", () => migrateDatabase(url));
  await loadFirstData(url);
  assertGoingOn();
  await step("starting the web server", startServing);
  return "up";
}

function assertGoingOn(): void {
  if (stopping) throw new Error("The start was broken off.");
}

async function startServing(): Promise<void> {
  web = startWeb(
    root,
    ["scripts/web-server.mjs"],
    { ...process.env, NODE_ENV: "production", NEXT_MANUAL_SIG_HANDLE: "true" },
    { saysWhenReady: true },
  );
  await web;
  const health = await fetch(`http://127.0.0.1:${settings.PORT}/api/health`);
  if (!health.ok)
    throw new Error(`The web server is up but not well: its health check answers ${health.status}.`);
}

async function keepUp(): Promise<void> {
  const demo = settings.LIBRARY_SYSTEM === "demo";
  console.log(`
  ${settings.LIBRARY_NAME} is open at ${address}
${demo ? demoWords() : ""}
  data      ${(await postgres)?.where ?? "in the database of DATABASE_URL"}
  keys      ${dataDir}
  secrets   ${secretsPath(dataDir)}
  stop      Ctrl-C
`);
  const outcome = await Promise.race([asked, web?.then((it) => it.ended).then((how) => ({ how }))]);
  if (typeof outcome === "object") {
    await stopAll();
    throw new Error(
      `The web server ended by itself (${outcome.how}). PostgreSQL was stopped; nothing saved is lost.`,
    );
  }
  await endBy(outcome ?? "orphaned");
}

function demoWords(): string {
  return `
  cards     23529000000001, 23529000000002, 23529000000003; PIN 1234
  desk      ${address}/desk (check out and return)
`;
}

async function endBy(reason: StopReason): Promise<void> {
  console.log("\n  stopping …");
  await stopAll();
  console.log("  stopped. Everything is saved.");
  process.exit(reason === "SIGINT" ? 130 : 0);
}

function stopAll(): Promise<void> {
  stopping ??= (async () => {
    // A piece that never came up has told its fault already, and there is nothing of it to stop.
    await (await web?.catch(() => undefined))?.stop();
    await (await postgres?.catch(() => undefined))?.stop();
    if (answer.ok) await answer.claim.release();
  })();
  return stopping;
}
