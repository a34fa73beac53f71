/** The Action/Trigger definitions install, erase and uninstall on a real PostgreSQL with Evergreen's tables. The templates themselves have not been run inside an Evergreen. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeEach, expect, test } from "vitest";
import { emptyDatabase } from "@/db/test-database";

const settings = {
  owner: "1",
  url: "https://catalogue.example.org/api/loans/events",
  token: "a-token-of-thirty-two-characters-or-more",
};
let client: Client;
const clients: Client[] = [];
afterAll(() => Promise.all(clients.map((each) => each.end())));

beforeEach(async () => {
  client = new Client({ connectionString: await emptyDatabase() });
  clients.push(client);
  client.on("error", () => {});
  await client.connect();
  await run("fixtures/evergreen-tables.sql");
});

/** Puts psql's variables in as psql does. */
async function run(name: string, variables: Record<string, string> = settings): Promise<void> {
  const sql = await readFile(join(import.meta.dirname, name), "utf8");
  const filled = sql.replace(/:'(owner|url|token)'|:(owner)\b/g, (_, quoted, bare) =>
    quoted ? client.escapeLiteral(variables[quoted] ?? "") : (variables[bare] ?? ""),
  );
  await client.query(filled);
}

const rows = async (sql: string) => (await client.query(sql)).rows;
const definitions =
  "select hook, usr_field, opt_in_setting, granularity, template from action_trigger.event_definition order by hook";

test("three definitions report every loan, to our address, with dates alone", async () => {
  await run("install.sql");
  const found = await rows(definitions);
  expect(found.map(({ hook }) => hook)).toEqual(["checkin", "checkout", "renewal"]);
  for (const { template, usr_field, hook } of found) {
    expect(usr_field).toBeNull();
    expect(template).toContain(`\nurl ${settings.url}\n`);
    expect(template).toContain(`Authorization "Bearer ${settings.token}"`);
    expect(template).toContain(`"type":"${hook === "checkin" ? "return" : hook}"`);
    expect(template).toContain(
      hook === "checkin" ? "target.checkin_time.substr(0, 10)" : "target.xact_start.substr(0, 10)",
    );
    expect(template.includes('"due"')).toBe(hook !== "checkin");
    expect(template.match(/^COMMONPLACE$/gm)).toHaveLength(1);
    expect((template.match(/\[%/g) ?? []).length).toBe((template.match(/%\]/g) ?? []).length);
  }
  const paths = await rows("select distinct path from action_trigger.environment order by path");
  expect(paths.map(({ path }) => path.split(".").length)).toEqual([20, 1]);
});

test("an address that is not https, and a token that is none, install nothing", async () => {
  const wrong = [
    { url: "http://catalogue.example.org/" },
    { url: "https://x\n<Headers>" },
    { token: "short" },
    { token: `${"x".repeat(40)}" \n` },
  ];
  for (const each of wrong) {
    await expect(run("install.sql", { ...settings, ...each })).rejects.toThrow(/check constraint/);
    await client.query("rollback");
  }
  expect(await rows(definitions)).toEqual([]);
});

test("the opt-in is a setting of its own, true or false", async () => {
  await run("install.sql");
  await run("opt-in.sql");
  expect(await rows("select name, datatype from config.usr_setting_type")).toEqual([
    { name: "commonplace.reading_history", datatype: "bool" },
  ]);
  for (const definition of await rows(definitions))
    expect(definition).toMatchObject({ usr_field: "usr", opt_in_setting: "commonplace.reading_history" });
});

/** An event of each end, with what Evergreen keeps beside it, and one of somebody else's. */
async function circulate(): Promise<void> {
  await run("install.sql");
  await client.query(`
    insert into action_trigger.event_definition (owner, name, hook, validator, reactor) values (1, 'Other', 'checkout', 'NOOP_True', 'CallHTTP');
    insert into action_trigger.event_output (id, data) select i, 'kept' from generate_series(1, 6) i;
    insert into action_trigger.event (target, event_def, state, template_output, async_output, error_output)
    select target, (select id from action_trigger.event_definition where name = definition), state, template, async, error
      from (values (1, 'Commonplace: checkout', 'complete', 1, 2, null), (2, 'Commonplace: return', 'complete', 3, null, 4),
                   (3, 'Commonplace: renewal', 'pending', null, null, null), (4, 'Other', 'complete', 5, 6, null))
        as events (target, definition, state, template, async, error)`);
}
const left = async () => ({
  events: (await rows("select target::int, state from action_trigger.event order by target")).map(
    ({ target, state }) => `${target} ${state}`,
  ),
  outputs: (await rows("select id::int from action_trigger.event_output order by id")).map(({ id }) => id),
});

test("what was taken is erased with its requests; what was not, and other events, stay", async () => {
  await circulate();
  await run("erase-sent.sql");
  expect(await left()).toEqual({ events: ["2 complete", "3 pending", "4 complete"], outputs: [3, 4, 5, 6] });
});

test("what could not be sent waits again, without what was kept of the attempt", async () => {
  await circulate();
  await run("send-again.sql");
  expect(await left()).toEqual({
    events: ["1 complete", "2 pending", "3 pending", "4 complete"],
    outputs: [1, 2, 5, 6],
  });
});

test("uninstalled, nothing of ours is left, and nothing of others' is gone", async () => {
  await circulate();
  await run("opt-in.sql");
  await client.query(
    "insert into actor.usr_setting (usr, name, value) values (1, 'commonplace.reading_history', 'true')",
  );
  await run("uninstall.sql");
  expect(await left()).toEqual({ events: ["4 complete"], outputs: [5, 6] });
  expect(await rows("select name from action_trigger.event_definition")).toEqual([{ name: "Other" }]);
  expect(await rows("select name from config.usr_setting_type")).toEqual([]);
});
