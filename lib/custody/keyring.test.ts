import { mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openKeyring } from "./keyring";
import { readOrMakeKeyring, replaceKeyring } from "./keyring-file";

const today = "2026-03-02";
const folder = () => mkdtempSync(join(tmpdir(), "keyring-"));

test("a keyring is made once, readable by its owner only, with no draft left behind", () => {
  const where = folder();
  const path = join(where, "keyring.json");
  const first = openKeyring(path, today);
  const second = openKeyring(path, today);
  expect(second.master(1)).toEqual(first.master(1));
  expect(second.intakeSecretKey).toEqual(first.intakeSecretKey);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(where)).toEqual(["keyring.json"]);
});

test("purposes and labels give different keys", () => {
  const keyring = openKeyring(join(folder(), "keyring.json"), today);
  expect(keyring.derivedKey("handle")).not.toEqual(keyring.derivedKey("mark"));
  expect(keyring.hashKey("card", "1")).not.toEqual(keyring.hashKey("address", "1"));
  expect(keyring.hashKey("a", "1:b")).not.toEqual(keyring.hashKey("a1", ":b"));
});

test("a keyring opened before a rotation finds the new master, and not the destroyed one", () => {
  const path = join(folder(), "keyring.json");
  const keyring = openKeyring(path, today);
  const file = readOrMakeKeyring(path, today);
  const keyB64 = Buffer.alloc(32, 7).toString("base64");
  replaceKeyring(path, { ...file, current: 2, masters: [{ generation: 2, since: today, keyB64 }] });
  expect(keyring.master(2)).toEqual(new Uint8Array(32).fill(7));
  expect(() => keyring.master(1)).toThrow("no-master");
});

test("a file that is no keyring is refused without quoting it", () => {
  const path = join(folder(), "keyring.json");
  writeFileSync(path, '{"version":2,"secretB64":"c2VjcmV0"}');
  expect(() => openKeyring(path, today)).toThrow(/^keyring-unreadable$/);
});
