/** The server never gets what opens a vault: not in a request, not in its database, not in what it prints. */
import { demoCards, expect, test } from "./commonplace-test";
import { checkout, deleteHistoryIfAny, reportLoans, turnOnHistory, unlockHistory } from "./reading-history";
import { sql } from "./server-sql";

const [card] = demoCards;

test("neither passphrase nor recovery code nor an opened title is ever sent, stored or printed", async ({
  page,
  signIn,
  library,
  requests,
}) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
  const { passphrase, recoveryGroups } = await turnOnHistory(page);
  const title = "A Title That Only This Loan Carries 8f3a";
  await reportLoans(library, [checkout(card, "loan-blind", title)]);
  await unlockHistory(page, passphrase);
  await expect(page.getByText(title).first()).toBeVisible();
  const secrets = [
    passphrase,
    passphrase.replaceAll(" ", "+"),
    Buffer.from(passphrase).toString("base64").slice(0, 20),
    recoveryGroups.join("-"),
    recoveryGroups.join(""),
    recoveryGroups.join(" "),
    title,
  ];
  const sent = requests.map((request) => `${request.url()} ${request.postData() ?? ""}`).join("\n");
  const tables = [
    "vaults",
    "vault_keys",
    "vault_slots",
    "vault_chapters",
    "vault_inbox",
    "loan_marks",
    "allowances",
  ];
  const stored = await Promise.all(
    tables.map(async (table) => {
      const rows = await sql(library.databaseUrl, `select * from ${table}`);
      return JSON.stringify(rows, (_, value) =>
        value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1") : value,
      );
    }),
  );
  for (const [place, text] of [
    ["requests", sent],
    ["database", stored.join("\n")],
    ["server output", library.output()],
  ] as const) {
    for (const secret of secrets) expect(text.includes(secret), `${place} holds a secret`).toBe(false);
  }
  expect(library.output()).not.toContain(`${card}"`);
});

test("a vault row carries no clock, serial or foreign id", async ({ library }) => {
  const columns = await sql(
    library.databaseUrl,
    `select table_name, column_name, data_type, column_default from information_schema.columns
     where table_name like 'vault%' or table_name = 'loan_marks'`,
  );
  expect(columns.length).toBeGreaterThan(10);
  for (const { data_type, column_default } of columns) {
    expect(["uuid", "bytea", "text", "integer", "boolean", "date"]).toContain(data_type);
    expect(column_default).toBeNull();
  }
  expect(columns.filter(({ data_type }) => data_type === "date")).toMatchObject([
    { table_name: "loan_marks" },
  ]);
  expect(columns.filter(({ data_type }) => data_type === "integer")).toMatchObject([
    { column_name: "generation" },
  ]);
});
