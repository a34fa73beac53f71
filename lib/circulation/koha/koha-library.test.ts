/** The Koha connector before Kohas with the manners and the misdeeds of those that were met. */
import { afterEach, expect, test } from "vitest";
import type { PatronAccount } from "../port";
import { type KohaWorld, lendCopies, openKohaWorld } from "./fixtures/koha-contract";
import { apiClient, type Manners, type Misdeed } from "./fixtures/koha-simulator";
import type { KohaOptions } from "./koha-library";

const [card, pin, id] = ["23529000000001", "pin-4711!", "51"];
const right = { ok: true, patron: { id, name: "Thị Bích Ngô" } };
const wrong = { ok: false, why: "wrong-credentials" };
let world: KohaWorld;

afterEach(() => world.close());

async function open(manners: Partial<Manners> = {}, options: Partial<KohaOptions> = {}): Promise<KohaWorld> {
  world = await openKohaWorld(manners, options);
  return world;
}

const signIn = () => world.library.authenticate(card, pin);
const lend = (count: number) => lendCopies(world.simulator, 51, count);
const barcodesOf = ({ loans }: PatronAccount) => loans.map(({ barcode }) => barcode).sort();
const asked = (start: string) => world.simulator.received.filter((line) => line.startsWith(start));

async function account(): Promise<PatronAccount> {
  const answer = await world.library.readAccount({ id });
  if (!answer.ok) throw new Error(answer.why);
  return answer.account;
}

test("the patron's id is Koha's own number, also for who types their user name", async () => {
  await open();
  expect(await signIn()).toEqual(right);
  expect(await world.library.authenticate("reader1", pin)).toEqual(right);
});

test("a locked account is refused like a wrong PIN, and nothing more is asked about its card", async () => {
  await open();
  world.simulator.patrons[0] = { ...patronOne(), isLocked: true };
  expect(await signIn()).toEqual(wrong);
  expect(asked("GET /patrons")).toEqual([]);
});

const patronOne = () => ({
  patron_id: 51,
  cardnumber: card,
  userid: "reader1",
  firstname: "Thị Bích",
  surname: "Ngô",
  pin,
});

test("a patron without any name, and one without a card, sign in", async () => {
  await open();
  world.simulator.patrons[0] = { ...patronOne(), firstname: null, surname: null };
  expect(await signIn()).toEqual({ ok: true, patron: { id, name: "" } });
  world.simulator.patrons[0] = { ...patronOne(), cardnumber: null };
  expect(await world.library.authenticate("reader1", pin)).toEqual(right);
});

test.each([true, false])(
  "a Koha that only confirms is asked whose card it is, exactly, even when it finds parts (%s)",
  async (ignoresMatch) => {
    await open({ confirmsOnly: true, ignoresMatch });
    world.simulator.patrons.unshift({ ...patronOne(), patron_id: 40, cardnumber: `${card}9`, userid: "x" });
    world.simulator.patrons.push({ ...patronOne(), patron_id: 60, cardnumber: `9${card}`, userid: null });
    expect(await signIn()).toEqual(right);
    expect(asked("GET /patrons?cardnumber=")[0]).toContain("_match=exact");
  },
);

test("who takes another's card number for a user name does not become the other", async () => {
  await open({ confirmsOnly: true });
  world.simulator.patrons.push({
    ...patronOne(),
    patron_id: 66,
    cardnumber: "666",
    userid: card,
    pin: "thief",
  });
  expect(await world.library.authenticate(card, "thief")).toEqual(wrong);
  world.simulator.manners.confirmsOnly = false;
  expect(await world.library.authenticate(card, "thief")).toMatchObject({ patron: { id: "66" } });
});

test("the token is asked for once for many questions, and anew shortly before its end", async () => {
  let millis = 0;
  await open({}, { monotonicMs: () => millis });
  await Promise.all([signIn(), account(), account()]);
  await signIn();
  expect(world.simulator.tokensGiven).toBe(1);
  millis = 3_539_000;
  await signIn();
  expect(world.simulator.tokensGiven).toBe(1);
  millis = 3_541_000;
  await signIn();
  expect(world.simulator.tokensGiven).toBe(2);
});

test("a token that ends in the middle is replaced once, and nobody notices", async () => {
  await open();
  await signIn();
  lend(3);
  const items = world.simulator.misdeedsAt;
  items.set("/items/1001", [{ kind: "instead", status: 401, body: '{"error":"Authentication failure."}' }]);
  expect((await account()).loans).toHaveLength(3);
  world.simulator.endTokens();
  expect(await signIn()).toEqual(right);
  expect(world.simulator.tokensGiven).toBe(3);
});

test("a Koha that takes no token of ours is asked twice, not for ever", async () => {
  await open();
  const refused: Misdeed = { kind: "instead", status: 401, body: "{}" };
  world.simulator.misdeeds.push(refused, refused, refused);
  expect(await signIn()).toEqual({ ok: false, why: "misconfigured" });
  expect(asked("POST /auth")).toHaveLength(2);
});

test("a wrong secret is misconfigured, and no PIN is sent", async () => {
  await open();
  const api = new URL(`http://127.0.0.1:${world.simulator.port}/api/v1`);
  const client = { ...apiClient, secret: "another-secret" };
  const other = await openKohaWorld({}, { server: { api, ca: null, isPlainAllowed: false, client } });
  expect(await other.library.authenticate(card, pin)).toEqual({ ok: false, why: "misconfigured" });
  expect(world.simulator.bodies.join()).not.toContain(pin);
  expect(other.logged()).toMatch(/"code":"not-allowed","step":"token"/);
  expect(other.logged()).not.toContain("another-secret");
  await other.close();
});

test.each([
  ["validation", "sign-in"],
  ["checkouts", "loans"],
  ["items", "item"],
  ["biblios", "record"],
  ["holds", "holds"],
  ["account", "fines"],
])("a missing permission on %s is misconfigured, and the log says at which step", async (forbidden, step) => {
  await open({ forbidden: [forbidden] });
  lend(1);
  const answer = step === "sign-in" ? await signIn() : await world.library.readAccount({ id });
  expect(answer).toEqual({ ok: false, why: "misconfigured" });
  expect(world.logged()).toContain(`"code":"not-allowed","step":"${step}"`);
});

test("what the settings leave out is not asked for, and declared as not told", async () => {
  await open({ forbidden: ["holds", "account"] }, { holds: false, fines: false });
  lend(1);
  expect(world.library.capabilities).toMatchObject({ holds: false, fines: "none" });
  expect(await account()).toMatchObject({ loans: [{ title: "The title 0" }], holds: [], fines: [] });
});

test("a Koha without password validation, and a wrong address, are misconfigured", async () => {
  await open({ missing: ["/auth"] });
  expect(await signIn()).toEqual({ ok: false, why: "misconfigured" });
  expect(world.logged()).toContain('"code":"not-there","step":"sign-in"');
});

test.each<[string, Partial<Manners>]>([
  ["at a hundred a page", {}],
  ["at seven a page", { mostRows: 7 }],
  ["without a count", { totalOff: null }],
  ["with too small a count", { totalOff: -130 }],
])("a hundred and thirty loans are told whole by a Koha that lists them %s", async (_, manners) => {
  await open(manners);
  const lent = lend(130);
  const told = await account();
  expect(barcodesOf(told)).toEqual(lent);
  expect(told.unlistedLoans).toBe(0);
  const one = told.loans.find(({ loanId }) => loanId === "3004");
  expect(one).toMatchObject({ title: "The title 4", outOn: "2026-03-02", dueOn: "2026-03-23", renewals: 1 });
  for (const line of asked("GET /checkouts")) expect(line).toMatch(/_page=\d+&_per_page=100$/);
});

test.each<[string, Partial<Manners>, number, number]>([
  ["a page is missing", { mostRows: 10, emptyPage: 2 }, 20, 10],
  ["the count is too great", { totalOff: 4 }, 30, 4],
])(
  "when %s, the loans that are there are told, and how many are not",
  async (_, manners, listed, unlisted) => {
    await open(manners);
    lend(30);
    const told = await account();
    expect([told.loans.length, told.unlistedLoans]).toEqual([listed, unlisted]);
  },
);

test("a Koha that answers with all patrons' checkouts shows nobody another's", async () => {
  await open({ ignoresFilter: true });
  lendCopies(world.simulator, 52, 2);
  expect(await world.library.readAccount({ id })).toEqual({ ok: false, why: "protocol" });
});

test("deleted items, deleted records and anonymised fields hide no other loan", async () => {
  await open();
  lend(6);
  const { items, records, checkouts } = world.simulator;
  items.delete(1000);
  records.delete(2001);
  records.set(2002, { title: null });
  const bare = { patron_id: 51, item_id: 1003, checkout_date: null, due_date: null };
  checkouts.set(3003, bare);
  checkouts.set(3004, { ...bare, item_id: null });
  checkouts.set(3005, { ...bare, patron_id: null });
  const told = await account();
  expect(told.loans.map(({ title, dueOn }) => [title, dueOn])).toEqual([
    ["310000000001", "2026-03-23"],
    ["310000000002", "2026-03-23"],
    ["The title 3", null],
  ]);
  expect(told.unlistedLoans).toBe(3);
});

test("a record that Koha fails on leaves the others, and the next patron, alone", async () => {
  await open();
  lend(5);
  const failing: Misdeed = { kind: "instead", status: 500, body: '{"error":"Something went wrong"}' };
  for (const n of [0, 1, 2, 3]) world.simulator.misdeedsAt.set(`/biblios/${2000 + n}`, [failing]);
  expect((await account()).loans.map(({ title }) => title)).toContain("The title 4");
  expect(await signIn()).toEqual(right);
});

test("items and records are asked for once, and again after an hour; accounts each time", async () => {
  let millis = 0;
  await open({}, { monotonicMs: () => millis });
  lend(3);
  await account();
  world.simulator.records.set(2000, { title: "Another title" });
  expect((await account()).loans[0]?.title).toBe("The title 0");
  expect([asked("GET /items/").length, asked("GET /biblios/").length]).toEqual([3, 3]);
  expect(asked("GET /checkouts")).toHaveLength(2);
  millis = 3_600_001;
  expect((await account()).loans[0]?.title).toBe("Another title");
});

test("a copy in our own catalogue is told as it is there, and its record is not asked for", async () => {
  const ours = {
    title: "Ours",
    author: "A",
    recordId: 7,
    isbn: null,
    format: "book",
    callNumber: null,
    subjects: ["s"],
  };
  await open({}, { findItems: async (barcodes) => new Map(barcodes.map((barcode) => [barcode, ours])) });
  const [barcode = ""] = lend(1);
  expect((await account()).loans).toMatchObject([{ ...ours, barcode, loanId: "3000" }]);
  expect(asked("GET /biblios")).toEqual([]);
  expect(await world.library.readItem(barcode)).toEqual({ ok: true, item: ours });
});

test("title and subtitle come as the plugin sends them, with author, ISBN and call number", async () => {
  await open({ ignoresMatch: true });
  lend(1);
  const { items, records } = world.simulator;
  items.set(1000, { biblio_id: 2000, external_id: "B1", callnumber: "FIC ELI" });
  items.set(1001, { biblio_id: 2000, external_id: "XB1X", callnumber: null });
  const isbn = "not one | 0141439548 (pbk.) | 9780141439549";
  records.set(2000, {
    title: "Middlemarch :",
    subtitle: "a study of provincial life /",
    author: "Eliot, George,",
    isbn,
  });
  expect(await world.library.readItem("B1")).toMatchObject({
    item: {
      title: "Middlemarch : a study of provincial life",
      author: "Eliot, George",
      isbn: "9780141439549",
      callNumber: "FIC ELI",
    },
  });
  expect(await world.library.readItem("B")).toEqual({ ok: true, item: null });
});

test("a hold waits or is ready, by record or by copy; a charge tells whether its item is back", async () => {
  await open();
  lend(2);
  const { holds, charges } = world.simulator;
  holds.set(1, { patron_id: 51, biblio_id: 2000, item_id: null, status: null });
  holds.set(2, { patron_id: 51, biblio_id: 2001, item_id: 1001, status: "W" });
  holds.set(3, { patron_id: 51, biblio_id: 2001, item_id: 1001, status: "F" });
  charges.push({ patron_id: 51, item_id: 1000, description: "x", status: "UNRETURNED", amount: 0.1 + 0.2 });
  charges.push({ patron_id: 51, item_id: null, description: "New card", status: null, amount: 2 });
  charges.push({ patron_id: 51, item_id: null, description: "Paid", status: null, amount: 0 });
  const told = await account();
  expect(told.holds).toEqual([
    {
      title: "The title 0",
      author: null,
      recordId: null,
      isReady: false,
      placedOn: "2026-02-20",
      readyOn: null,
    },
    {
      title: "The title 1",
      author: null,
      recordId: null,
      isReady: true,
      placedOn: "2026-02-20",
      readyOn: "2026-03-01",
    },
  ]);
  expect(told.fines).toEqual([
    { title: "The title 0", cents: 30, returned: false },
    { title: "New card", cents: 200, returned: null },
  ]);
});

test("an id that is none of Koha's, and one that it no longer knows, ask for a new sign-in", async () => {
  await open();
  for (const other of ["", "0", "51/../52", "51?x", "-1", "99999999999999999"])
    expect(await world.library.readAccount({ id: other })).toEqual({ ok: false, why: "sign-in-again" });
  expect(world.simulator.received).toEqual([]);
  const gone: Misdeed = { kind: "instead", status: 404, body: '{"error":"Patron not found"}' };
  world.simulator.misdeedsAt.set("/checkouts", [gone]);
  expect(await world.library.readAccount({ id })).toEqual({ ok: false, why: "sign-in-again" });
});

const page = "<!doctype html><title>Koha › Error 500</title>";
test.each<[string, Misdeed, string]>([
  ["never answers", { kind: "silent" }, "unreachable"],
  ["stops in the middle", { kind: "stuck" }, "unreachable"],
  ["is cut in the middle", { kind: "cut" }, "unreachable"],
  ["hangs up", { kind: "hang-up" }, "unreachable"],
  ["is too slow", { kind: "slow", millis: 900 }, "unreachable"],
  ["fails with a page", { kind: "instead", status: 500, body: page }, "unreachable"],
  ["is under maintenance", { kind: "instead", status: 503, body: page }, "unreachable"],
  ["has too many questions", { kind: "instead", status: 429, body: "{}" }, "unreachable"],
  ["answers with a page", { kind: "instead", status: 200, body: page }, "protocol"],
  ["answers with nothing", { kind: "instead", status: 200, body: "" }, "protocol"],
  [
    "answers with a bare list of faults",
    { kind: "instead", status: 400, body: '[{"message":"m","path":"/body"}]' },
    "protocol",
  ],
  [
    "answers with faults of form",
    { kind: "instead", status: 400, body: '{"errors":[],"status":400}' },
    "protocol",
  ],
  ["answers without end", { kind: "instead", status: 201, body: `"${"x".repeat(3 * 2 ** 20)}"` }, "protocol"],
  [
    "sends elsewhere",
    { kind: "instead", status: 302, body: "", headers: { location: "/elsewhere" } },
    "misconfigured",
  ],
])("a Koha that %s is told as such, soon, in a closed code", async (_, misdeed, why) => {
  await open();
  world.simulator.misdeeds.push(misdeed, misdeed);
  const started = performance.now();
  expect(await signIn()).toEqual({ ok: false, why });
  expect(performance.now() - started).toBeLessThan(2000);
  expect(asked("GET /elsewhere")).toEqual([]);
  for (const secret of [card, pin, apiClient.secret, apiClient.id, "MTc2"])
    expect(world.logged()).not.toContain(secret);
  world.simulator.misdeeds.length = 0;
  expect(await signIn()).toEqual(right);
});

test("a slow Koha leaves loans unnamed rather than the whole account too late", {
  timeout: 40_000,
}, async () => {
  await open({}, { patience: { connectMs: 1000, answerMs: 4000, firstRestMs: 1000 } });
  lend(40);
  for (let n = 0; n < 40; n++)
    world.simulator.misdeedsAt.set(`/items/${1000 + n}`, [{ kind: "slow", millis: 1500 }]);
  const started = performance.now();
  const told = await account();
  expect(performance.now() - started).toBeLessThan(12_000);
  expect(told.loans.length + told.unlistedLoans).toBe(40);
  expect(told.unlistedLoans).toBeGreaterThan(0);
});

test("text that Koha's database would cut or fold is wrong without being asked", async () => {
  await open();
  for (const text of ["", "a\0", "x".repeat(201), "\ud800"]) {
    expect(await world.library.authenticate(card, text)).toEqual(wrong);
    expect(await world.library.authenticate(text, pin)).toEqual(wrong);
  }
  expect(world.simulator.received).toEqual([]);
});
