import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openDatabase } from "@/db/connection";
import { tieLastBorrower } from "@/db/demo-library";
import { insertDemoSample } from "@/db/demo-library-sample";
import { setMarks } from "@/db/loan-marks";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import type { Custody } from "@/lib/custody/custody";
import { makeSmallVault } from "@/lib/custody/fixtures/small-vault";
import { openKeyring } from "@/lib/custody/keyring";
import { newMaster } from "@/lib/custody/keyring-contents";
import { fileKeyring, keyringPath, readOrMakeKeyring, replaceKeyring } from "@/lib/custody/keyring-file";
import { auditJson, auditText } from "@/scripts/audit-text";
import { type AuditSubject, audit } from "./audit";
import { examineKeyringPlace } from "./keyring-place";
import { examineSettings } from "./postgres-settings";

const today = "2026-03-02";

let database: TestDatabase;
let path: string;
let custody: Custody;

beforeEach(async () => {
  database = await testDatabase();
  path = keyringPath(mkdtempSync(join(tmpdir(), "audit-")));
  custody = { db: database.db, keyring: await openKeyring(fileKeyring(path), today) };
});

const means = () => ({
  db: database.db,
  keyring: fileKeyring(path),
  keyringPlace: { kind: "file" as const, path },
});

/** What needs attention. The test server runs without fsync, which the audit rightly sees. */
async function attention(day = today): Promise<Partial<Record<AuditSubject, string[]>>> {
  const findings = await audit({ ...means(), today: day });
  const open = findings.filter(({ ok, seen }) => !ok && seen.join() !== "fsync = off");
  return Object.fromEntries(open.map(({ subject, seen }) => [subject, seen]));
}

const run = (statement: string) => database.pool.query(statement);

test("a fresh library needs no attention", async () => {
  await makeSmallVault(custody, "a");
  expect(await attention()).toEqual({});
  expect(await attention("2026-03-03")).toEqual({});
});

test.each<[string, AuditSubject[], string]>([
  [
    "alter table vault_inbox add made_at timestamptz",
    ["vault-columns", "known-columns"],
    "vault_inbox.made_at",
  ],
  ["alter table vaults add born date", ["vault-columns", "known-columns"], "vaults.born"],
  [
    "alter table vault_chapters add number bigserial",
    ["vault-columns", "known-columns"],
    "vault_chapters.number",
  ],
  [
    "alter table vault_slots add seen integer generated always as identity",
    ["vault-columns", "known-columns"],
    "vault_slots.seen",
  ],
  [
    "alter table vault_keys add note text default now()::text",
    ["vault-columns", "known-columns"],
    "vault_keys.note",
  ],
  [
    "create table vault_log (vault_id uuid references vaults (id), at time)",
    ["vault-columns", "known-columns"],
    "vault_log.at",
  ],
  ["alter table loan_marks alter until set default now()", ["vault-columns"], "loan_marks.until"],
  ["create table searches (query text)", ["known-columns"], "searches.query"],
  ["alter table records add last_card text", ["known-columns"], "records.last_card"],
  ["alter table loan_marks set logged", ["marks-unlogged"], "loan_marks"],
])("%s needs attention", async (statement, subjects, seen) => {
  await run(statement);
  const found = await attention();
  expect(Object.keys(found)).toEqual(subjects);
  for (const subject of subjects) expect(found[subject]).toContain(seen);
});

test("marks and last borrowers need attention on the day after they should have gone", async () => {
  const card = "1";
  const { vaultId } = await makeSmallVault(custody, card);
  await setMarks(database.db, [
    { hash: new Uint8Array(32), vaultId, checkoutSeen: true, until: "2026-03-01" },
  ]);
  const patrons = [{ card, name: "Demo patron", pinHash: "-" }];
  await insertDemoSample(database.db, { patrons, loans: [], holds: [] });
  await tieLastBorrower(database.db, "b1", card, "2026-03-01");
  expect(await attention("2026-03-01")).toEqual({});
  expect(await attention("2026-03-02")).toEqual({ "marks-overdue": ["1"], "last-borrowers-overdue": ["1"] });
});

test("a master of the day before yesterday needs attention", async () => {
  expect(await attention("2026-03-04")).toEqual({ "master-age": [today] });
});

test("an older master that is still there, and one that is missing, need attention", async () => {
  await makeSmallVault(custody, "a");
  const file = readOrMakeKeyring(path, today);
  replaceKeyring(path, { ...file, current: 2, masters: [...file.masters, newMaster(2, today)] });
  expect(await attention()).toEqual({ "masters-alive": ["generation 1 still in the keyring"] });
  replaceKeyring(path, { ...file, current: 2, masters: [newMaster(2, today)] });
  expect(await attention()).toEqual({
    "masters-alive": ["generation 1 needed by vaults, not in the keyring"],
    "vaults-unreadable": ["1"],
  });
});

test("a keyring that others may read, or in a folder open to all, needs attention; so does a damaged or a missing one", async () => {
  chmodSync(path, 0o640);
  expect(await attention()).toEqual({ "keyring-place": ["others-may-read"] });
  chmodSync(path, 0o600);
  chmodSync(join(path, ".."), 0o755);
  expect(await attention()).toEqual({ "keyring-place": ["folder-open-to-others"] });
  chmodSync(join(path, ".."), 0o711);
  expect(await attention()).toEqual({});
  writeFileSync(path, "{}");
  expect(await attention()).toEqual({ "keyring-readable": ["keyring-unreadable"] });
  path = join(path, "..", "elsewhere.json");
  expect(await attention()).toEqual({ "keyring-place": ["missing"] });
});

test("a keyring inside PostgreSQL's folder is found, also by another name of that folder, and a like-named folder is not it", () => {
  const root = mkdtempSync(join(tmpdir(), "audit-"));
  const inside = join(root, "data", "keys", "keyring.json");
  const beside = join(root, "data-keys", "keyring.json");
  for (const file of [inside, beside]) {
    mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
    writeFileSync(file, "", { mode: 0o600 });
  }
  expect(examineKeyringPlace(inside, join(root, "data"))).toEqual(["inside-database"]);
  expect(examineKeyringPlace(inside, join(root, "data-keys", "..", "data"))).toEqual(["inside-database"]);
  expect(examineKeyringPlace(beside, join(root, "data"))).toEqual([]);
});

test.each([
  ["log_statement", "all"],
  ["log_min_duration_statement", "250"],
  ["log_parameter_max_length", "-1"],
  ["log_parameter_max_length_on_error", "64"],
  ["log_min_messages", "warning"],
  ["log_error_verbosity", "default"],
])("PostgreSQL's %s = %s needs attention", async (name, value) => {
  const server = database.url.replace("//commonplace@", "//postgres@");
  const superuser = openDatabase(server, 1);
  const { rows } = await superuser.pool.query<{ name: string }>("select current_database() as name");
  await superuser.pool.query(`alter database ${rows[0]?.name} set ${name} = '${value}'`);
  await superuser.close();
  const again = openDatabase(database.url, 1);
  try {
    const findings = await audit({ ...means(), db: again.db, today });
    expect(findings.find(({ subject }) => subject === "database-log")).toMatchObject({
      ok: false,
      seen: [expect.stringMatching(new RegExp(`^${name} = `))],
    });
  } finally {
    await again.close();
  }
});

test("an archive, commit times, no fsync and auto_explain need attention; what cannot be seen does too", () => {
  const faults = examineSettings(
    new Map([
      ["archive_mode", "always"],
      ["track_commit_timestamp", "on"],
      ["fsync", "off"],
      ["full_page_writes", "on"],
      ["session_preload_libraries", "pg_stat_statements,auto_explain"],
      ["log_statement", "ddl"],
    ]),
  );
  expect(faults).toMatchObject({
    archive: ["archive_mode = always"],
    clock: ["track_commit_timestamp = on"],
    durable: ["fsync = off"],
  });
  expect(faults.log).toContain("session_preload_libraries = pg_stat_statements,auto_explain");
  expect(faults.log).toContain("shared_preload_libraries cannot be seen");
  expect(faults.log.join()).not.toContain("log_statement");
});

test("the report says what was seen and what to do, in words and as JSON", async () => {
  await run("alter table loan_marks set logged");
  const findings = await audit({ ...means(), today });
  const heading = { library: "The library", day: today };
  expect(auditText(findings, heading)).toContain("SET UNLOGGED");
  expect(auditText(findings, heading)).toContain("Evergreen");
  expect(JSON.parse(auditJson(findings, heading))).toMatchObject({ ok: false, day: today });
});
