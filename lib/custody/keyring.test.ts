import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memoryKeyring } from "./keyring";
import { fileKeyring } from "./keyring-file";

test("a keyring's file is readable by its owner only, with no draft left behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "keyring-"));
  await fileKeyring(join(folder, "keyring.json")).readOrMake("2026-03-02");
  expect(statSync(join(folder, "keyring.json")).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["keyring.json"]);
});

test("purposes and labels give different keys", () => {
  const keyring = memoryKeyring();
  expect(keyring.derivedKey("handle")).not.toEqual(keyring.derivedKey("mark"));
  expect(keyring.hashKey("card", "1")).not.toEqual(keyring.hashKey("address", "1"));
  expect(keyring.hashKey("a", "1:b")).not.toEqual(keyring.hashKey("a1", ":b"));
});
