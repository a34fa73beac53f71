import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/db/test-database";
import { directVaultServer } from "@/lib/custody/direct-vault-server";
import { makeSmallVault } from "@/lib/custody/fixtures/small-vault";
import { type Keyring, memoryKeyring } from "@/lib/custody/keyring";
import { deleteVault } from "@/lib/custody/vault-deletion";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import { type Intake, makeIntake } from "./intake";
import type { LoanEvent } from "./loan-event";
import type { SealPool } from "./seal-pool";
import { sealPoolFromSource } from "./source-thread";

let database: TestDatabase;
let keyring: Keyring;
let pool: SealPool;
let intake: Intake;

beforeAll(async () => {
  database = await testDatabase();
  keyring = memoryKeyring();
  pool = sealPoolFromSource(keyring.intakeSecretKey);
  intake = makeIntake({ db: database.db, keyring, pool });
});
afterAll(() => pool.close());

const passphrase = "five words that nobody guesses";

function sessionOf(patron: string) {
  const server = directVaultServer({ db: database.db, keyring }, patron);
  return openVaultSession({ server, random: secureRandom, today: () => "2026-11-23" });
}

async function turnOn(patron: string) {
  const session = sessionOf(patron);
  expect(await session.prepareSetUp({ passphrase })).toMatchObject({ ok: true });
  expect(await session.finishSetUp()).toMatchObject({ ok: true });
  return session;
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query(`select count(*)::int as n from ${table}`);
  return rows[0].n;
}

const checkout = (
  patron: string,
  loan: string,
  title = "The Dispossessed",
  due = "2026-11-22",
): LoanEvent => ({
  type: "checkout",
  loan,
  patron,
  day: "2026-11-01",
  due,
  record: { title, author: "Ursula K. Le Guin" },
});
const renewal = (patron: string, loan: string): LoanEvent => ({
  type: "renewal",
  loan,
  patron,
  day: "2026-11-10",
  due: "2026-12-01",
});
const returned = (loan: string, patron?: string): LoanEvent => ({
  type: "return",
  loan,
  day: "2026-11-20",
  ...(patron === undefined ? {} : { patron }),
});

test("for a patron without a vault nothing is written", async () => {
  const before = [await count("vault_inbox"), await count("loan_marks")];
  await intake.take([
    checkout("nobody", "n1"),
    renewal("nobody", "n1"),
    returned("n1", "nobody"),
    returned("n2"),
  ]);
  expect([await count("vault_inbox"), await count("loan_marks")]).toEqual(before);
});

test("a loan's events become one entry, its return matched by the mark alone, and the mark is gone after it", async () => {
  const session = await turnOn("reader-a");
  await intake.take([checkout("reader-a", "a1")]);
  expect(await count("loan_marks")).toBe(1);
  await intake.take([renewal("reader-a", "a1")]);
  await intake.take([returned("a1")]);
  expect(await count("loan_marks")).toBe(0);
  expect(await session.refresh()).toMatchObject({
    ok: true,
    overview: { total: 1, stillOut: 0, gap: false },
  });
  expect(session.page(0, 10).rows).toMatchObject([
    {
      title: "The Dispossessed",
      outOn: "2026-11-01",
      dueOn: "2026-12-01",
      returnedOn: "2026-11-20",
      renewals: ["2026-11-10"],
    },
  ]);
  expect(await count("vault_inbox")).toBe(0);
});

test("a return without its patron is matched within its own batch too, before or after the checkout", async () => {
  const session = await turnOn("reader-h");
  const marks = await count("loan_marks");
  await intake.take([checkout("reader-h", "h1"), returned("h1"), returned("h2"), checkout("reader-h", "h2")]);
  await session.refresh();
  expect(session.page(0, 10).rows).toMatchObject([
    { returnedOn: "2026-11-20" },
    { returnedOn: "2026-11-20" },
  ]);
  expect(await count("loan_marks")).toBe(marks);
});

test("repeats change nothing", async () => {
  const session = await turnOn("reader-b");
  const all = [checkout("reader-b", "b1"), renewal("reader-b", "b1"), returned("b1", "reader-b")];
  for (let round = 0; round < 3; round++) for (const event of all) await intake.take([event]);
  await session.refresh();
  expect(session.page(0, 10)).toMatchObject({ total: 1, rows: [{ renewals: ["2026-11-10"] }] });
});

test("events of several patrons and loans, in any order and any batches, give one right entry each", async () => {
  const patrons = ["reader-c", "reader-d"];
  const sessions = await Promise.all(patrons.map(turnOn));
  let loans = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
      fc.integer({ min: 1, max: 6 }),
      async (order, batch) => {
        const run = `${randomUUID()}`;
        const events = patrons.flatMap((patron, index) => {
          const loan = `${run}-${index}`;
          return [checkout(patron, loan, `Title ${loan}`), renewal(patron, loan), returned(loan, patron)];
        });
        const shuffled = order.flatMap((index) => events[index] ?? []);
        for (let at = 0; at < shuffled.length; at += batch) await intake.take(shuffled.slice(at, at + batch));
        loans += 1;
        for (const session of sessions) {
          await session.refresh();
          const { total, rows } = session.page(0, 1000);
          expect(total).toBe(loans);
          expect(rows.every((row) => row.returnedOn === "2026-11-20" && row.outOn === "2026-11-01")).toBe(
            true,
          );
          expect(rows.every((row) => row.renewals.length === 1 && row.title !== null)).toBe(true);
        }
      },
    ),
    { numRuns: 8 },
  );
});

test("every row waiting in every inbox is equally long, whatever the loan", async () => {
  await turnOn("reader-e");
  await intake.take([
    checkout("reader-e", "e1", "It"),
    checkout("reader-e", "e2", "🦄".repeat(900)),
    checkout("reader-e", "e3", "ア".repeat(1500)),
    returned("e1"),
  ]);
  const { rows } = await database.pool.query("select distinct length(body) as bytes from vault_inbox");
  expect(rows).toHaveLength(1);
});

test("a batch that fails half way keeps nothing and may be sent again", async () => {
  const session = await turnOn("reader-f");
  const broken = makeIntake({
    db: database.db,
    keyring,
    pool: {
      ...pool,
      threads: 1,
      seal: (job) => (job.entries.length > 1 ? Promise.reject(new Error("x")) : pool.seal(job)),
    },
  });
  const batch = [checkout("reader-f", "f1"), checkout("reader-f", "f2")];
  const before = [await count("vault_inbox"), await count("loan_marks")];
  await expect(broken.take(batch)).rejects.toThrow();
  expect([await count("vault_inbox"), await count("loan_marks")]).toEqual(before);
  await intake.take(batch);
  await session.refresh();
  expect(session.page(0, 10).total).toBe(2);
});

test("no row of a vault or of its marks names the patron, the loan or the day", async () => {
  await turnOn("reader-g");
  await intake.take([checkout("reader-g", "loan-g-1", "A Title Only Here")]);
  for (const table of ["vaults", "vault_keys", "vault_slots", "vault_inbox", "loan_marks"]) {
    const { rows } = await database.pool.query(`select * from ${table}`);
    const text = rows
      .map((row) =>
        Object.values(row)
          .map((value) => (Buffer.isBuffer(value) ? value.toString("latin1") : `${value}`))
          .join(),
      )
      .join();
    for (const secret of ["reader-g", "loan-g-1", "A Title Only Here"]) expect(text).not.toContain(secret);
  }
});

const ruins: [string, (vaultId: string) => Promise<unknown>][] = [
  ["head is damaged", (id) => database.pool.query("update vaults set head = 'x' where id = $1", [id])],
  [
    "key is damaged",
    (id) => database.pool.query("update vault_keys set wrapped = 'x' where vault_id = $1", [id]),
  ],
  ["keys are missing", (id) => database.pool.query("delete from vault_keys where vault_id = $1", [id])],
  [
    "master is gone",
    (id) => database.pool.query("update vault_keys set generation = 77 where vault_id = $1", [id]),
  ],
];

test.each(ruins)(
  "a vault whose %s stops nobody else's loans, and nobody can tell it from none",
  async (what, ruin) => {
    const custody = { db: database.db, keyring };
    const { vaultId } = await makeSmallVault(custody, `ruined ${what}`);
    const session = await turnOn(`whole ${what}`);
    await ruin(vaultId);
    await intake.take([
      checkout(`ruined ${what}`, `1 ${what}`),
      checkout(`whole ${what}`, `2 ${what}`),
      returned(`1 ${what}`),
    ]);
    await session.refresh();
    expect(session.page(0, 10).total).toBe(1);
    expect(await deleteVault(custody, `ruined ${what}`, "2026-11-23")).toMatchObject({ ok: true });
  },
);

test("days at the edge of the calendar are taken for a patron with a vault as for one without", async () => {
  await turnOn("reader-i");
  for (const patron of ["reader-i", "nobody"]) {
    for (const due of ["0000-01-01", "9999-12-31"]) {
      await intake.take([checkout(patron, `${patron} ${due}`, "It", due)]);
    }
  }
});

test("another patron's event with the same loan id leaves a reader's mark alone", async () => {
  const [reader] = await Promise.all(["reader-j", "reader-k"].map(turnOn));
  await intake.take([checkout("reader-j", "j1")]);
  await intake.take([returned("j1", "reader-k")]);
  await intake.take([returned("j1")]);
  await reader?.refresh();
  expect(reader?.page(0, 10).rows).toMatchObject([{ returnedOn: "2026-11-20" }]);
});

test("when one patron's seal fails, another's that is ready later is not stored", async () => {
  await Promise.all([turnOn("reader-l"), turnOn("reader-m")]);
  let jobs = 0;
  const broken = makeIntake({
    db: database.db,
    keyring,
    pool: {
      ...pool,
      seal: async (job) => {
        jobs += 1;
        if (jobs === 1) throw new Error("x");
        await sleep(300);
        return pool.seal(job);
      },
    },
  });
  const before = [await count("vault_inbox"), await count("loan_marks")];
  await expect(broken.take([checkout("reader-l", "l1"), checkout("reader-m", "m1")])).rejects.toThrow();
  await sleep(800);
  expect([await count("vault_inbox"), await count("loan_marks")]).toEqual(before);
});
