import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EmbeddedPostgres, ensurePostgres } from "./embedded-postgres";
import { processStart } from "./process-identity";

const isRoot = process.getuid?.() === 0;
let folder: string;
const running: EmbeddedPostgres[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "commonplace-embedded-"));
  if (isRoot) await chmod(folder, 0o711);
});
afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ensure(dataDir: string, onStep?: (sentence: string) => void): Promise<EmbeddedPostgres> {
  const postgres = await ensurePostgres({ dataDir, ...(onStep && { onStep }) });
  running.push(postgres);
  return postgres;
}

async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

test("it is PostgreSQL 18 on a socket that only its user may reach, durable, with no network port", async () => {
  const { url, where } = await ensure(folder);
  const shown = async (name: string) =>
    Object.values(Object(await ask(url, `show ${name}`).then(([row]) => row)))[0];
  expect(await shown("server_version_num")).toMatch(/^18/);
  expect(await shown("listen_addresses")).toBe("");
  expect(await shown("fsync")).toBe("on");
  expect(await shown("data_checksums")).toBe("on");
  expect(await shown("server_encoding")).toBe("UTF8");
  expect((await stat(join(where, "socket"))).mode & 0o777).toBe(0o700);
  expect((await stat(join(where, "data"))).mode & 0o777).toBe(0o700);
});

test("the application's role is no superuser, and can still make the extensions that search needs", async () => {
  const { url } = await ensure(folder);
  expect(await ask(url, "select rolsuper from pg_roles where rolname = current_user")).toEqual([
    { rolsuper: false },
  ]);
  await ask(url, "create extension unaccent", "create extension pg_trgm", "checkpoint");
});

test("no value of a failing statement reaches PostgreSQL's log", async () => {
  const { url, where } = await ensure(folder);
  const canary = "canary-23529000000001-the-title";
  await ask(url, "create table kept (title text primary key, n int)");
  await ask(url, `insert into kept values ('${canary}', 1)`);
  for (const statement of [
    `insert into kept values ('${canary}', 2)`,
    `select '${canary}'::int`,
    `select * from nowhere where title = '${canary}'`,
    `do $$ begin raise warning '${canary}'; end $$`,
    `this is no sql ${canary}`,
  ]) {
    await ask(url, statement).catch(() => {});
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("insert into kept values ($1, $2)", [canary, "not a number"]).catch(() => {});
  await client.end();
  const log = await readFile(join(where, "postgres.log"), "utf8");
  expect(log).toContain("ready to accept connections");
  expect(log).not.toContain("canary");
});

test("whoever leaves last stops the server", async () => {
  const one = await ensure(folder);
  const two = await ensure(folder);
  expect(two.pid).toBe(one.pid);
  await one.stop();
  expect(await ask(two.url, "select 1 as n")).toEqual([{ n: 1 }]);
  await two.stop();
  expect(processStart(two.pid)).toBeUndefined();
});

test("a DATA_DIR too deep for a socket's address works all the same, and leaves no socket folder behind", async () => {
  const deep = join(folder, "a-rather-long-name-".repeat(6));
  await mkdir(deep, { mode: 0o711 });
  const postgres = await ensure(deep);
  const socketFolder = new URL(postgres.url.replace("@/", "@x/")).searchParams.get("host") ?? "";
  expect(socketFolder.startsWith(deep)).toBe(false);
  expect((await stat(socketFolder)).mode & 0o777).toBe(0o700);
  expect(await ask(postgres.url, "select 1 as n")).toEqual([{ n: 1 }]);
  await postgres.stop();
  await expect(stat(socketFolder)).rejects.toThrow();
});

test("a pid file that now names a stranger is cleared away, and the stranger is left alone", async () => {
  const first = await ensure(folder);
  await ask(first.url, "create table kept as select 7 as n");
  const pidFile = join(first.where, "data", "postmaster.pid");
  const text = await readFile(pidFile, "utf8");
  await first.stop();
  const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "postgres"], {
    stdio: "ignore",
  });
  await writeFile(pidFile, text.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 });
  const second = await ensure(folder);
  expect(await ask(second.url, "select n from kept")).toEqual([{ n: 7 }]);
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  stranger.kill();
});

test("a folder whose making was cut short is made anew", async () => {
  await mkdir(join(folder, "postgres", "data.part", "base"), { recursive: true, mode: 0o711 });
  const postgres = await ensure(folder);
  expect(await ask(postgres.url, "select 1 as n")).toEqual([{ n: 1 }]);
  expect(await readdir(postgres.where)).not.toContain("data.part");
});

test.runIf(isRoot)(
  "for root in a closed folder the data goes where PostgreSQL's user can, and stays there",
  async () => {
    await chmod(folder, 0o700);
    const dataDir = join(folder, "data");
    const first = await ensure(dataDir);
    try {
      expect(first.where.startsWith(folder)).toBe(false);
      expect((await stat(first.where)).mode & 0o777).toBe(0o700);
      await ask(first.url, "create table kept as select 7 as n");
      await first.stop();
      await chmod(folder, 0o711);
      const second = await ensure(dataDir);
      expect(second.where).toBe(first.where);
      expect(await ask(second.url, "select n from kept")).toEqual([{ n: 7 }]);
      await second.stop();
    } finally {
      await rm(first.where, { recursive: true, force: true });
    }
  },
);
