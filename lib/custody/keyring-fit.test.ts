import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "@/db/test-database";
import { makeSmallVault } from "./fixtures/small-vault";
import { openKeyring } from "./keyring";
import { keyringPath, newKeyring, newMaster, readKeyring } from "./keyring-file";
import { keyringFits } from "./keyring-fit";

const today = "2026-11-23";

test("a keyring fits an empty database and its own one; another, or none, does not fit a database with vaults", async () => {
  const { db } = await testDatabase();
  expect(await keyringFits(db, newKeyring(today))).toBe(true);
  expect(await keyringFits(db, null)).toBe(true);
  const path = keyringPath(mkdtempSync(join(tmpdir(), "fit-")));
  await makeSmallVault({ db, keyring: openKeyring(path, today) }, "a");
  const own = readKeyring(path);
  expect(await keyringFits(db, own)).toBe(true);
  expect(await keyringFits(db, newKeyring(today))).toBe(false);
  expect(await keyringFits(db, null)).toBe(false);
  // The generation that the rows need has been destroyed: a database older than its keyring.
  expect(await keyringFits(db, own && { ...own, current: 2, masters: [newMaster(2, today)] })).toBe(false);
});
