/** A library's run, from the claim on its folder to the clean stop. `npm start` and `npm run dev` serve it differently. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "@/lib/env";
import { type Claim, claimAlone } from "./claim";
import { bringUpToDate } from "./database-schemas";
import { type EmbeddedPostgres, ensurePostgres, makeDataDir } from "./embedded-postgres";
import { loadFirstData } from "./first-data";
import { assertPortFree } from "./port-check";
import { ensureSecrets, secretsPath } from "./secrets";
import { completeEnvironment, givenSettings } from "./settings";
import { step } from "./steps.mjs";
import { type StopReason, stopRequest } from "./stop-request";
import type { WebProcess } from "./web-process";

const firstAnswerPatienceMs = 120_000;

export interface Serving {
  /** As the user typed it, for advice. */
  command: string;
  /** Long work that needs no database; before it, port and folder are known to be free. */
  prepare?(): Promise<void>;
  serve(): Promise<WebProcess>;
}

/** Each is a promise from the moment it begins, so that a stop in the middle knows what to wait for. */
interface Pieces {
  postgres?: Promise<EmbeddedPostgres>;
  web?: Promise<WebProcess>;
}

/** Ends the process when the library was asked to stop; throws a plain sentence when it cannot run. */
export async function runLibrary(serving: Serving): Promise<void> {
  const asked = stopRequest(() => process.exit(130));
  const settings = givenSettings(process.env);
  console.log("\nCommonplace\n");
  const dataDir = await makeDataDir(settings.DATA_DIR);
  const claim = await claimFolder(dataDir, addressOf(settings));
  const pieces: Pieces = {};
  let isStopping = false;
  const goOn = () => {
    if (isStopping) throw new Error("The start was broken off.");
  };
  const stop = async () => {
    isStopping = true;
    // A piece that never came up has told its fault already, and there is nothing of it to stop.
    await (await pieces.web?.catch(() => undefined))?.stop();
    await (await pieces.postgres?.catch(() => undefined))?.stop();
    await claim.release();
  };
  let outcome: StopReason | string;
  try {
    outcome = await Promise.race([asked, bringUp(serving, settings, dataDir, pieces, goOn)]);
    if (outcome === "up") {
      console.log(welcome(settings, dataDir, (await pieces.postgres)?.where));
      outcome = await Promise.race([asked, webEnd(pieces)]);
    }
  } catch (cause) {
    await stop();
    throw cause;
  }
  console.log("\n  stopping …");
  await stop();
  console.log("  stopped. Everything is saved.");
  if (outcome.startsWith("web:")) throw new Error(`The web server ended by itself (${outcome.slice(4)}).`);
  process.exit(outcome === "SIGINT" ? 130 : 0);
}

async function bringUp(
  serving: Serving,
  settings: Environment,
  dataDir: string,
  pieces: Pieces,
  goOn: () => void,
): Promise<"up"> {
  await assertPortFree(settings.PORT, serving.command);
  await serving.prepare?.();
  goOn();
  const secrets = await ensureSecrets(dataDir, process.env);
  if (!process.env.DATABASE_URL) {
    pieces.postgres = step("starting PostgreSQL", (onStep) => ensurePostgres({ dataDir, onStep }));
  }
  const url = (await pieces.postgres)?.url ?? process.env.DATABASE_URL ?? "";
  goOn();
  completeEnvironment(settings, { ...secrets, DATABASE_URL: url });
  await step("bringing the database up to date", () => bringUpToDate(url));
  await loadFirstData(url);
  goOn();
  await step("starting the web server", async () => {
    pieces.web = serving.serve();
    await untilWell(healthAddressOf(settings), await pieces.web);
  });
  return "up";
}

async function untilWell(healthUrl: string, web: WebProcess): Promise<void> {
  let end: string | undefined;
  web.ended.then((how) => {
    end = how;
  });
  const until = Date.now() + firstAnswerPatienceMs;
  while (Date.now() < until) {
    if (end !== undefined) throw new Error(`The web server ended by itself (${end}).`);
    const status = await fetch(healthUrl).then(
      (answer) => answer.status,
      () => undefined,
    );
    if (status === 200) return;
    if (status !== undefined)
      throw new Error(`The web server is up but not well: its health check says ${status}.`);
    await sleep(100);
  }
  throw new Error("The web server does not answer.");
}

async function claimFolder(dataDir: string, address: string): Promise<Claim> {
  const answer = await claimAlone(join(dataDir, "claims", "start"), address);
  if (answer.ok) return answer.claim;
  throw new Error(
    `Commonplace already runs on ${dataDir} and serves ${answer.holder.says}. Stop that one first, or give this one ` +
      "a folder and a port of its own: DATA_DIR=other PORT=3001 npm start",
  );
}

async function webEnd(pieces: Pieces): Promise<string> {
  return `web:${await (await pieces.web)?.ended}`;
}

function addressOf({ HOST, PORT }: Environment): string {
  const isEverywhere = ["127.0.0.1", "0.0.0.0", "::", "::1", "localhost"].includes(HOST);
  return `http://${isEverywhere ? "localhost" : HOST}:${PORT}`;
}

/** A server on every interface is on the loopback one too. */
function healthAddressOf({ HOST, PORT }: Environment): string {
  const host = HOST === "0.0.0.0" || HOST === "::" ? "127.0.0.1" : HOST;
  return `http://${host.includes(":") ? `[${host}]` : host}:${PORT}/api/health`;
}

function welcome(settings: Environment, dataDir: string, postgresHome: string | undefined): string {
  const address = addressOf(settings);
  const demo = `
  cards     23529000000001, 23529000000002, 23529000000003; PIN 1234
  desk      ${address}/desk (check out and return)
`;
  return `
  ${settings.LIBRARY_NAME} is open at ${address}
${settings.LIBRARY_SYSTEM === "demo" ? demo : ""}
  data      ${postgresHome ?? "in the database of DATABASE_URL"}
  keys      ${dataDir}
  secrets   ${secretsPath(dataDir)}
  stop      Ctrl-C
`;
}
