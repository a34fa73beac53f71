import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureSecrets, secretsPath } from "./secrets";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "commonplace-secrets-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("secrets are made once, differ, and only their owner can read them", async () => {
  const first = await ensureSecrets(folder, {});
  expect(first.AUTH_SECRET).not.toBe(first.LOANS_TOKEN);
  expect(await ensureSecrets(folder, {})).toEqual(first);
  expect((await stat(secretsPath(folder))).mode & 0o777).toBe(0o600);
});

test("several processes at once agree on one pair", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => ensureSecrets(folder, {})));
  expect(new Set(all.map((secrets) => secrets.AUTH_SECRET)).size).toBe(1);
});

test("a secret given in the environment is used and not written down", async () => {
  const given = "given-".repeat(8);
  expect((await ensureSecrets(folder, { AUTH_SECRET: given })).AUTH_SECRET).toBe(given);
  expect(await readFile(secretsPath(folder), "utf8")).not.toContain(given);
});

test("a damaged file is refused without quoting it", async () => {
  await writeFile(secretsPath(folder), '{"AUTH_SECRET": "half-a-secr');
  await expect(ensureSecrets(folder, {})).rejects.toThrow(/cannot be read as secrets/);
  await expect(ensureSecrets(folder, {})).rejects.not.toThrow(/half-a-secr/);
});
