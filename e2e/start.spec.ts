/** `npm start` is careful with a machine: it refuses politely, stops in order, and loses nothing when killed. */
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { processStart } from "../scripts/process-identity";
import { expect, test } from "./commonplace-test";
import { type RunningLibrary, runStart, startLibrary } from "./running-library";
import { sql } from "./server-sql";

test.describe.configure({ timeout: 180_000 });

test("a fresh folder ends in a library that says where it is and answers that it is well", async ({
  startCommonplace,
}) => {
  const library = await startCommonplace();
  expect(library.output()).toContain(library.url);
  expect(library.output()).toContain("23529000000001");
  const health = await fetch(`${library.url}/api/health`);
  expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
  expect(health.headers.get("cache-control")).toContain("no-store");
});

test("a second start on one DATA_DIR is refused with the address of the first", async ({
  startCommonplace,
}) => {
  const library = await startCommonplace();
  const second = runStart(library.dataDir, { PORT: String(library.port + 1) });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`already runs on ${library.dataDir} and serves ${library.url}`);
  expect((await fetch(`${library.url}/api/health`)).status).toBe(200);
});

test("a busy port is named and another is suggested", async ({ startCommonplace }) => {
  const library = await startCommonplace();
  await library.stop();
  const other = createServer().listen(library.port);
  const refused = runStart(library.dataDir, { PORT: String(library.port) });
  expect(await refused.ended).toBe(1);
  expect(refused.output()).toContain(`Port ${library.port} is busy`);
  expect(refused.output()).toMatch(/PORT=\d+ npm start/);
  other.close();
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 0],
] as const) {
  test(`${signal} stops the web server, then PostgreSQL, and ends with ${code}`, async ({
    startCommonplace,
  }) => {
    const library = await startCommonplace();
    const { web, postgres } = await library.parts();
    expect(await library.stop(signal)).toBe(code);
    expect([processStart(web), processStart(postgres)]).toEqual([undefined, undefined]);
    expect(existsSync(`${library.postgresHome}/data/postmaster.pid`)).toBe(false);
  });
}

test("when the web server dies, PostgreSQL is stopped and the command fails", async ({
  startCommonplace,
}) => {
  const library = await startCommonplace();
  const { web, postgres } = await library.parts();
  process.kill(web, "SIGKILL");
  await expect.poll(() => processStart(library.pid)).toBeUndefined();
  expect(processStart(postgres)).toBeUndefined();
  expect(library.output()).toContain("The web server ended by itself (SIGKILL)");
});

test("when the command is killed, its web server goes too, and the next start takes PostgreSQL over", async ({
  startCommonplace,
}) => {
  const library = await startCommonplace();
  const { web, postgres } = await library.parts();
  process.kill(library.pid, "SIGKILL");
  await expect.poll(() => processStart(web)).toBeUndefined();
  expect(processStart(postgres)).toBeDefined();
  const next = await startCommonplace({ dataDir: library.dataDir, port: library.port });
  expect((await fetch(`${next.url}/api/health`)).status).toBe(200);
  expect(processStart(postgres)).toBeUndefined();
});

test("after kill -9 of everything the next start has every acknowledged row", async () => {
  test.slow();
  let library: RunningLibrary = await startLibrary();
  await sql(library.databaseUrl, "create table kept (n int primary key)");
  let acknowledged = 0;
  for (let round = 0; round < 3; round++) {
    const writing = writeUntilBroken(library.databaseUrl, acknowledged, (n) => {
      acknowledged = n;
    });
    await sleep(300 + Math.random() * 400);
    await library.killEverything();
    await writing;
    library = await startLibrary({ dataDir: library.dataDir, port: library.port });
    const [row] = await sql(library.databaseUrl, "select count(*)::int as n, max(n) as last from kept");
    expect(Number(row?.n)).toBeGreaterThanOrEqual(acknowledged);
    expect(row?.n).toBe(row?.last);
    acknowledged = Number(row?.n);
  }
  expect(acknowledged).toBeGreaterThan(10);
  expect(await library.stop()).toBe(0);
});

async function writeUntilBroken(url: string, from: number, acknowledge: (n: number) => void): Promise<void> {
  try {
    for (let n = from + 1; ; n++) {
      await sql(url, "insert into kept values ($1)", [n]);
      acknowledge(n);
    }
  } catch {
    // The kill: what was acknowledged before it is what counts.
  }
}
