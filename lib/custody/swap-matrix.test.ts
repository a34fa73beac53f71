import { beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { makeIntake } from "@/lib/circulation/intake/intake";
import type { SealPool } from "@/lib/circulation/intake/seal-pool";
import { sealPoolFromSource } from "@/lib/circulation/intake/source-thread";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import type { Custody } from "./custody";
import { directVaultServer } from "./direct-vault-server";
import { prepareQuickVault } from "./fixtures/quick-vault";
import { memoryKeyring } from "./keyring";

let database: TestDatabase;
let custody: Custody;
let mine: { vaultId: string; code: string };
let theirs: { vaultId: string; code: string };

beforeAll(async () => {
  database = await testDatabase();
  custody = { db: database.db, keyring: await memoryKeyring() };
  const pool = sealPoolFromSource(custody.keyring.intakeSecretKey);
  try {
    mine = await begin("mine", pool);
    theirs = await begin("theirs", pool);
  } finally {
    await pool.close();
  }
});

/** A vault with a chapter of one loan, and two sealed entries that wait. */
async function begin(patron: string, pool: SealPool) {
  const server = directVaultServer(custody, patron);
  const { creation, recoveryCode } = await prepareQuickVault(server, "2026-03-01");
  expect(await server.createVault(creation)).toEqual({ ok: true });
  const intake = makeIntake({ ...custody, pool, pause: async () => {} });
  const lend = (loan: string) =>
    intake.take([
      { type: "checkout", loan: `${patron} ${loan}`, patron, day: "2026-03-01", record: { title: loan } },
    ]);
  await lend("one");
  expect(await unlock(patron, recoveryCode)).toMatchObject({
    ok: true,
    overview: { total: 1, unsaved: false },
  });
  await lend("two");
  await lend("three");
  return { vaultId: creation.vaultId, code: recoveryCode };
}

/** Saves nothing, so that every cell begins alike once its transaction is rolled back. */
function unlock(patron: string, secret: string, saves = true) {
  const direct = directVaultServer(custody, patron);
  const commitVault = async () => ({ ok: false as const, why: "offline" as const });
  const device = openVaultSession({
    server: saves ? direct : { ...direct, commitVault },
    random: secureRandom,
    today: () => "2026-03-01",
  });
  return device
    .unlock({ kind: "recovery", secret })
    .catch((fault: { code?: string }) => ({ ok: false as const, why: fault.code ?? `${fault}` }));
}

const whole = {
  ok: true,
  overview: { total: 3, gap: false, unreadableInbox: 0, lost: { chapters: 0 }, slotsAltered: false },
};

test("untouched, the vault opens whole: without this the matrix would show nothing", async () => {
  expect(await unlock("mine", mine.code, false)).toMatchObject(whole);
});

const seen = (overview: Record<string, unknown>) => ({ ok: true, overview });
const refused = (why: string) => ({ ok: false, why });

/** What is put where, in the database itself, and how it ends. `$1` is the reader's vault, `$2` another patron's. */
const cells: [string, string, object][] = [
  [
    "the shred key of another vault",
    "update vault_keys set wrapped = (select wrapped from vault_keys where vault_id = $2 and key_id = 'shred') where vault_id = $1 and key_id = 'shred'",
    refused("row-refused"),
  ],
  [
    "its own OPRF key as its shred key",
    "update vault_keys set wrapped = (select wrapped from vault_keys where vault_id = $1 and key_id <> 'shred' and $2::uuid is not null) where vault_id = $1 and key_id = 'shred'",
    refused("row-refused"),
  ],
  [
    "another vault's head",
    "update vaults set head = (select head from vaults where id = $2) where id = $1",
    refused("row-refused"),
  ],
  [
    "its own manifest as its head",
    "update vaults set head = manifest where id = $1 and $2::uuid is not null",
    refused("row-refused"),
  ],
  [
    "another vault's manifest",
    "update vaults set manifest = (select manifest from vaults where id = $2) where id = $1",
    { ok: false, why: "damaged", readable: { chapters: 1, entries: 1 }, waiting: 2 },
  ],
  [
    "its own head as its manifest",
    "update vaults set manifest = head where id = $1 and $2::uuid is not null",
    { ok: false, why: expect.stringMatching(/^(damaged|unknown-version)$/) },
  ],
  [
    "another vault's chapter under its own's id",
    "update vault_chapters set body = (select body from vault_chapters where vault_id = $2) where vault_id = $1",
    seen({ total: 2, lost: { chapters: 1, entries: 1 } }),
  ],
  [
    "another vault's chapter beside its own",
    "update vault_chapters set vault_id = $1 where vault_id = $2",
    seen({ total: 3, lost: { chapters: 0, entries: 0 } }),
  ],
  [
    "another vault's sealed entries in place of its own",
    "with gone as (delete from vault_inbox where vault_id = $1) update vault_inbox set vault_id = $1 where vault_id = $2",
    seen({ total: 1, unreadableInbox: 2 }),
  ],
  [
    "one of its sealed entries under the other's row",
    "update vault_inbox as row set body = other.body from vault_inbox as other where row.vault_id = $1 and other.vault_id = $1 and row.id <> other.id and $2::uuid is not null",
    seen({ total: 1, unreadableInbox: 2 }),
  ],
  [
    "another vault's slots in place of its own",
    "with gone as (delete from vault_slots where vault_id = $1) update vault_slots set vault_id = $1 where vault_id = $2",
    refused("no-such-slot"),
  ],
  [
    "its own slots under each other's rows",
    "update vault_slots as row set body = other.body from vault_slots as other where row.vault_id = $1 and other.vault_id = $1 and row.id <> other.id and $2::uuid is not null",
    refused("no-such-slot"),
  ],
];

test.each(cells)(
  "%s, put there in the database, is not taken for what belongs there",
  async (_, statement, outcome) => {
    const tables = ["vaults", "vault_keys", "vault_slots", "vault_chapters", "vault_inbox"];
    for (const table of tables) await database.pool.query(`create table kept_${table} as table ${table}`);
    try {
      const { rowCount } = await database.pool.query(statement, [mine.vaultId, theirs.vaultId]);
      expect(rowCount, "the swap was made").toBeGreaterThan(0);
      expect(await unlock("mine", mine.code, false)).toMatchObject(outcome);
    } finally {
      await database.pool.query("delete from vaults");
      for (const table of tables) {
        await database.pool.query(`insert into ${table} select * from kept_${table}`);
        await database.pool.query(`drop table kept_${table}`);
      }
    }
    expect(await unlock("mine", mine.code, false)).toMatchObject(whole);
  },
);
