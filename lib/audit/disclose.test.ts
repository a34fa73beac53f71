import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { upsertRecords } from "@/db/catalogue-import";
import { tieLastBorrower } from "@/db/demo-library";
import { setMarks } from "@/db/loan-marks";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { makeDemoLibrary } from "@/lib/circulation/demo/demo-library";
import { demoCards, demoPin, loadDemoLibrary } from "@/lib/circulation/demo/demo-sample";
import type { Custody } from "@/lib/custody/custody";
import { fillSmallVault, makeSmallVault } from "@/lib/custody/fixtures/small-vault";
import { openKeyring } from "@/lib/custody/keyring";
import { newMaster } from "@/lib/custody/keyring-contents";
import { fileKeyring, keyringPath, readOrMakeKeyring, replaceKeyring } from "@/lib/custody/keyring-file";
import { answerGuess } from "@/lib/custody/passphrase-guesses";
import { readVault } from "@/lib/custody/vault-store";
import { disclosureText } from "@/scripts/disclosure-text";
import { type DisclosureMeans, disclose } from "./disclose";

const today = "2026-03-02";
const now = new Date("2026-03-02T15:00:00Z");
const [first, second, third] = demoCards;

let database: TestDatabase;
let path: string;
let custody: Custody;
let means: DisclosureMeans;

beforeEach(async () => {
  database = await testDatabase();
  path = keyringPath(mkdtempSync(join(tmpdir(), "disclose-")));
  custody = { db: database.db, keyring: await openKeyring(fileKeyring(path), today) };
  const librarySystem = makeDemoLibrary({ db: database.db, now: () => now, today: () => today });
  means = { custody, librarySystem };
  await upsertRecords(
    database.db,
    [...Array(8).keys()].map((index) => ({
      source: "test",
      controlNumber: `c${index}`,
      title: `Title ${index}`,
      authors: [],
      isbns: [],
      format: "book",
      series: [],
      subjects: [],
      callNumber: null,
      items: [{ barcode: `b${index}`, branch: "Main", callNumber: null }],
      alsoFound: { titles: [], authors: [], numbers: [], notes: [] },
    })),
  );
  await loadDemoLibrary(database.db, today);
});

async function tell(card: string) {
  return disclosureText(await disclose(means, card), { card, library: "The library", day: today });
}

test("loans, holds, fines and last-borrowed items are told, of this card only", async () => {
  await tieLastBorrower(database.db, "b6", second, "2026-03-10");
  await tieLastBorrower(database.db, "b7", first, "2026-03-11");
  const disclosure = await disclose(means, second);
  expect(disclosure).toMatchObject({
    ok: true,
    library: {
      name: "Demo patron 2",
      loans: [{ title: "Title 2" }],
      fines: [{ title: "Title 3", returned: true }],
      holds: [{ title: "Title 5" }],
      lastBorrowed: [{ barcode: "b6", title: "Title 6", clearOn: "2026-03-10" }],
    },
    vault: null,
  });
  const text = await tell(second);
  for (const title of ["Title 2", "Title 3", "Title 5", "Title 6", "There is none."])
    expect(text).toContain(title);
  for (const title of ["Title 0", "Title 1", "Title 7"]) expect(text).not.toContain(title);
});

test("of a reading history only its existence, its size in steps, what waits and the kinds of its slots are told", async () => {
  const vault = await makeSmallVault(custody, third);
  await fillSmallVault(custody, third, vault, 3);
  await setMarks(database.db, [
    { hash: new Uint8Array(32), vaultId: vault.vaultId, checkoutSeen: true, until: "2026-05-01" },
  ]);
  expect(await disclose(means, third)).toMatchObject({
    vault: {
      chapters: 1,
      blocks: 3,
      waitingEntries: 0,
      slotKinds: ["passphrase", "recovery"],
      keyringFault: null,
      marksOfLoansOut: 1,
    },
  });
  const text = await tell(third);
  expect(text).toContain("Size: 96 KiB in 1 sealed chapters");
  expect(text).toContain("guess at the passphrase");
});

test("no PIN, PIN hash or key is told, in words or as JSON", async () => {
  await makeSmallVault(custody, first);
  const { rows } = await database.pool.query<{ pin_hash: string }>("select pin_hash from demo_patrons");
  const file = readOrMakeKeyring(path, today);
  const vaultKeys = await database.pool.query<{ hex: string; b64: string }>(
    "select encode(wrapped, 'hex') as hex, encode(wrapped, 'base64') as b64 from vault_keys",
  );
  const told = [await tell(first), JSON.stringify(await disclose(means, first))];
  const secrets = [
    ...rows.flatMap(({ pin_hash }) => pin_hash.split(":")),
    ...vaultKeys.rows.flatMap(({ hex, b64 }) => [hex, b64]),
    ...file.masters.map(({ keyB64 }) => keyB64),
    file.secretB64,
  ];
  expect(secrets.length).toBeGreaterThan(8);
  for (const text of told) {
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text.replaceAll(/[\da-f-]{36}|\d{5,}|\d{4}-\d\d-\d\d/g, "")).not.toContain(demoPin);
  }
});

test("a try at the passphrase is told while it still counts", async () => {
  await makeSmallVault(custody, third);
  const slot = (await readVault(custody, third))?.slots.find(({ kind }) => kind === "passphrase");
  await answerGuess(custody, third, slot?.id ?? "", new Uint8Array(32), now);
  expect(await disclose(means, third)).toMatchObject({
    attempts: { signIn: null, passphraseGuess: now, historySetUp: null },
  });
  expect(await tell(third)).toContain("Last try at the passphrase that still counts: 2026-03-02T15:00");
});

test("a history whose master is destroyed is told of as far as it can be", async () => {
  const vault = await makeSmallVault(custody, third);
  await fillSmallVault(custody, third, vault, 1);
  const file = readOrMakeKeyring(path, today);
  replaceKeyring(path, { ...file, current: 2, masters: [newMaster(2, today)] });
  means = { ...means, custody: { db: database.db, keyring: await openKeyring(fileKeyring(path), today) } };
  expect(await disclose(means, third)).toMatchObject({
    vault: { blocks: 1, slotKinds: null, keyringFault: "no-master" },
  });
  expect(await tell(third)).toContain("no-master");
});

test("an unknown card gets a clear sentence; a history without a patron is told all the same", async () => {
  expect(await disclose(means, "999")).toEqual({ ok: false, why: "unknown-card" });
  expect(await tell("999")).toBe(
    "The library holds nothing under card 999: no patron, no loan, no reading history.",
  );
  await makeSmallVault(custody, "999");
  expect(await disclose(means, "999")).toMatchObject({ ok: true, library: null, vault: { blocks: 0 } });
});
