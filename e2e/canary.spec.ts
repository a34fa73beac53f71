/** Whatever the intake, the search and the sign-in were told: none of it is in a file of the library, nor in what it printed. */
import { randomInt } from "node:crypto";
import { demoCards, expect, test } from "./commonplace-test";
import { allRows, deviceOf, signInOverHttp, tryToSignIn, turnOnHistoryOf } from "./patron-over-http";
import { type Hit, searchFiles, searchText, spellingsOf } from "./plaintext-search";
import type { RunningLibrary } from "./running-library";
import { sql } from "./server-sql";

const [reader, other] = demoCards;
/** Twelve letters that nothing else in the world carries; in every canary, however it is cut or split. */
const mark = Array.from({ length: 12 }, () => "bcdfghjklmnpqrstvwxz"[randomInt(20)]).join("");
const scripts = {
  Latin: "Ñandú über Œuvre",
  Greek: "Ὀδύσσεια τοῦ χειμῶνος",
  Cyrillic: "Съешь ещё этих булок",
  Arabic: "كتابالموتىالمنسي",
  Hebrew: "ספרהחולהאבוד",
  Devanagari: "खोईहुईकिताब",
  Han: "紅樓遺失之夢境錄",
  Kana: "なくしたほんのゆめ",
  emoji: "🦩📚🫀🧶🪼",
};
const canary = (what: string) => `${mark}-${what}`;
const passphrase = `${mark} passphrase of five or six words`;
const spellings = [mark, ...Object.values(scripts)].flatMap(spellingsOf);

test.describe.configure({ timeout: 240_000 });

test("no title, author, subject, call number, loan id, search, PIN or passphrase is in any file or any output", async ({
  startCommonplace,
}) => {
  const library = await startCommonplace();
  const device = deviceOf(library.url, await signInOverHttp(library.url, reader));
  await turnOnHistoryOf(device, passphrase);

  const loans = Object.entries(scripts).map(([script, text]) => loanOf(script, text));
  for (const patron of [reader, other]) {
    const events = loans.map((loan) => ({ ...loan, patron, loan: `${loan.loan}-${patron}` }));
    expect(await post(library, { events: events.map(checkout) })).toBe(204);
    expect(await post(library, { events: events.map(renewal) })).toBe(204);
    // The last is still out, and half of the returns name no patron.
    expect(await post(library, { events: events.slice(0, -1).map(returned) })).toBe(204);
  }
  await meetEveryRefusal(library);
  await breakTheDatabase(library);

  expect(await device.refresh()).toMatchObject({ ok: true, overview: { total: loans.length, stillOut: 1 } });
  const titles = allRows(device).map(({ title }) => title);
  expect(titles.sort(), "the events did arrive").toEqual(loans.map(({ record }) => record.title).sort());
  const [first] = allRows(device);
  expect(await device.removeEntry(first?.id ?? "")).toMatchObject({ ok: true });

  await checkpoint(library);
  // Tables outside the write-ahead log reach the disk only when the server stops.
  const running = await searchEverything(library);
  expect.soft(running.hits, "while it runs").toEqual([]);
  expect.soft(await searchRows(library), "as SQL reads the rows").toEqual([]);
  expect(await library.stop()).toBe(0);
  const stopped = await searchEverything(library);
  expect(stopped.hits, "after a clean stop").toEqual([]);
  expect(stopped.bytes).toBeGreaterThan(30_000_000);
  for (const part of ["/pg_wal/0", "/base/", "/postgres.log", "/secrets.json", ".log", "/keyring"])
    expect(
      stopped.files.some((file) => file.includes(part)),
      part,
    ).toBe(true);
});

test("the search finds what is there: a control text, in each spelling, in tables, write-ahead log, files and output", async ({
  startCommonplace,
}) => {
  const library = await startCommonplace();
  const controls = [mark, scripts.Han].flatMap(spellingsOf);
  await sql(library.databaseUrl, "create table control (number int, body bytea)");
  for (const [number, { bytes }] of controls.entries())
    await sql(library.databaseUrl, "insert into control values ($1, $2)", [number, bytes]);

  await checkpoint(library);
  const rows = await searchRows(library);
  expect(await library.stop()).toBe(0);
  const { hits } = await searchEverything(library);
  for (const { text, way } of controls) {
    const places = hits.filter((hit) => hit.text === text && hit.way === way).map(({ file }) => file);
    expect(
      places.some((file) => file.includes("/base/")),
      `${way} in a table`,
    ).toBe(true);
    expect(
      places.some((file) => file.includes("/pg_wal/")),
      `${way} in the log`,
    ).toBe(true);
  }
  expect(rows.map(({ file }) => file)).toContain("public.control");
  expect(searchText("output", `${library.output()}\n${scripts.Greek}`, spellings)).toMatchObject([
    { text: scripts.Greek, way: "UTF-8" },
  ]);
});

type Loan = ReturnType<typeof loanOf> & { patron: string };

function loanOf(script: string, text: string) {
  return {
    loan: canary(`loan-${script}`),
    record: {
      recordId: canary(`record-${script}`),
      title: `${text} ${canary("title")} ${script}`,
      author: `${canary("author")} ${text}`,
      callNumber: `${canary("shelf")} ${text}`,
      subjects: [`${text} ${canary("subject")}`, canary(script)],
    },
  };
}

const checkout = (loan: Loan) => ({ type: "checkout", ...loan, day: "2026-02-01", due: "2026-02-22" });
const renewal = (loan: Loan) => ({ type: "renewal", ...loan, day: "2026-02-20", due: "2026-03-12" });
const returned = ({ patron, ...loan }: Loan, index: number) => ({
  type: "return",
  ...loan,
  ...(index % 2 === 0 ? { patron } : {}),
  day: "2026-03-01",
});

async function post(
  { url, loansToken }: RunningLibrary,
  body: unknown,
  { query = "", token = loansToken }: { query?: string; token?: string } = {},
): Promise<number> {
  const answer = await fetch(`${url}/api/loans/events${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  expect(searchText("answer", await answer.text(), spellings)).toEqual([]);
  return answer.status;
}

/** Everything that is turned away, with canaries in all of its parts. */
async function meetEveryRefusal(library: RunningLibrary): Promise<void> {
  const good = { ...loanOf("refused", scripts.Cyrillic), patron: reader };
  const malformed = [
    { ...checkout(good), day: `${mark} 2026` },
    { ...checkout(good), [canary("unknown key")]: scripts.Han },
    { ...checkout(good), type: canary("type") },
    { ...checkout(good), record: { ...good.record, title: `${mark} `.repeat(1000) } },
    { ...checkout(good), record: canary("not an object") },
    canary("not an event"),
  ];
  expect(
    await post(library, { events: [...malformed, { ...returned(good, 1), loan: canary("nobody's") }] }),
  ).toBe(422);
  expect(await post(library, { events: malformed, [canary("key")]: 1 })).toBe(400);
  expect(await post(library, `{"events":[{"title":"${scripts.Latin} ${mark}`)).toBe(400);
  expect(await post(library, { events: [checkout(good)] }, { token: canary("token") })).toBe(401);
  expect(await post(library, { events: Array(501).fill(checkout(good)) })).toBe(400);
  expect(await post(library, { events: [checkout(good)] }, { query: `?q=${mark}`, token: mark })).toBe(401);
  const oversized = `{"events":["${`${scripts.Kana} ${mark} `.repeat(450_000)}"]}`;
  expect(await post(library, oversized)).toBe(413);

  for (const path of ["/search?q=", "/api/search?q=", "/api/search?limit=x&q=", "/record/", "/nowhere/"])
    await fetch(`${library.url}${path}${encodeURIComponent(`${scripts.Greek} ${mark}`)}`);
  expect((await tryToSignIn(library.url, reader, canary("PIN"))).cookie).toBeUndefined();
  expect((await tryToSignIn(library.url, canary("card"))).cookie).toBeUndefined();
}

/** Statements that fail half way: the driver's faults quote what was being written or looked for. */
async function breakTheDatabase(library: RunningLibrary): Promise<void> {
  const loan = { ...loanOf("broken", scripts.Hebrew), patron: reader };
  const change = (statement: string) => sql(library.databaseUrl, statement);
  for (const table of ["vault_inbox", "vaults", "loan_marks"]) {
    await change(`alter table ${table} rename to hidden`);
    expect(await post(library, { events: [checkout(loan)] }), `without ${table}`).toBe(500);
    await change(`alter table hidden rename to ${table}`);
  }
  for (const [table, column] of [
    ["vault_inbox", "body"],
    ["loan_marks", "hash"],
  ]) {
    await change(`alter table ${table} add constraint refuse check (${column} is null) not valid`);
    expect(await post(library, { events: [checkout(loan)] }), `${table} refuses rows`).toBe(500);
    await change(`alter table ${table} drop constraint refuse`);
  }
  // A view in the table's place fails while it is read, when the query's values are known to PostgreSQL.
  for (const [table, key, ask] of [
    [
      "records",
      "id",
      () => fetch(`${library.url}/search?q=${encodeURIComponent(`${scripts.Arabic} ${mark}`)}`),
    ],
    ["records", "id", () => fetch(`${library.url}/api/search?q=${encodeURIComponent(`the ${mark}`)}`)],
    ["demo_patrons", "failed_sign_ins", () => tryToSignIn(library.url, canary("card"), canary("PIN"))],
  ] as const) {
    await change(
      `alter table ${table} rename to hidden; create view ${table} with (security_barrier) as select * from hidden where 1 / (${key} - ${key}) = 1`,
    );
    await ask();
    await change(`drop view ${table}; alter table hidden rename to ${table}`);
  }
  expect(library.output(), "the faults were logged").toContain("request-failed");
}

const superuserUrl = ({ databaseUrl }: RunningLibrary) =>
  databaseUrl.replace("commonplace@/commonplace", "postgres@/commonplace");

async function checkpoint(library: RunningLibrary): Promise<void> {
  await sql(superuserUrl(library), "analyze");
  await sql(superuserUrl(library), "checkpoint");
}

function searchEverything({ dataDir, postgresHome, logFile }: RunningLibrary) {
  const folders = postgresHome.startsWith(dataDir) ? [dataDir] : [dataDir, postgresHome];
  return searchFiles([...folders, logFile], spellings);
}

/** Every row of every table, the statistics of the planner among them: in the files, a long value may be packed. */
async function searchRows(library: RunningLibrary): Promise<Hit[]> {
  const url = superuserUrl(library);
  const tables = await sql(
    url,
    `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relkind in ('r', 'm') and nspname <> 'information_schema' order by 1`,
  );
  const hits: Hit[] = [];
  for (const { name } of tables) {
    const rows = await sql(url, `select each::text as row from ${name} each`);
    hits.push(...searchText(String(name), rows.map(({ row }) => row).join("\n"), spellings));
  }
  expect(tables.length).toBeGreaterThan(60);
  return hits;
}
