/** The SIP2 connector before servers with the manners and the misdeeds of those that were met. */
import { afterEach, expect, test } from "vitest";
import type { PatronAccount } from "../port";
import { openSip2World, type Sip2World } from "./fixtures/sip2-contract";
import type { Manners, Misdeed } from "./fixtures/sip2-simulator";
import type { Sip2Options } from "./sip2-library";

const [card, pin] = ["23529000000001", "pin-4711!"];
const right = { ok: true, patron: { id: card, name: "Thị Bích Ngô" } };
let world: Sip2World;

afterEach(() => world.close());

async function open(manners: Partial<Manners> = {}, options: Partial<Sip2Options> = {}): Promise<Sip2World> {
  world = await openSip2World(manners, options);
  return world;
}

function lend(count: number): string[] {
  const barcodes = [...Array(count).keys()].map((index) => `3100${String(index).padStart(8, "0")}`);
  for (const barcode of barcodes) {
    world.simulator.copies.set(barcode, { title: `The title ${barcode}` });
    world.simulator.loans.set(barcode, { card, due: "20260323    235900" });
  }
  return barcodes;
}

async function account(): Promise<PatronAccount> {
  const answer = await world.library.readAccount({ id: card });
  if (!answer.ok) throw new Error(answer.why);
  return answer.account;
}

const signIn = () => world.library.authenticate(card, pin);
const barcodesOf = ({ loans }: PatronAccount) => loans.map(({ barcode }) => barcode).sort();
const latin1 = (text: string) => Buffer.from(text, "latin1");

test.each<[string, Partial<Manners>]>([
  ["CR alone", { end: "\r" }],
  ["LF alone", { end: "\n" }],
  ["no sums and no sequence", { hasSums: false }],
  ["no login", { login: null }],
])("a server with %s is understood", async (_, manners) => {
  await open(manners);
  expect(await signIn()).toEqual(right);
  expect(world.simulator.received.some((line) => line.startsWith("93"))).toBe(manners.login !== null);
});

test("every message carries a sequence number and a sum, so that a PIN may end in punctuation", async () => {
  await open();
  await signIn();
  await account();
  expect(world.simulator.received.length).toBeGreaterThan(2);
  for (const line of world.simulator.received) expect(line).toMatch(/AY\dAZ[0-9A-F]{4}$/);
});

test("Latin-1 in one message and UTF-8 in the next are both read, and a sum that is wrong for it warns once", async () => {
  await open({ encode: latin1 });
  world.simulator.patrons.set(card, { pin, name: "Zoë" });
  expect(await signIn()).toMatchObject({ patron: { name: "Zoë" } });
  world.simulator.misdeeds.push({ kind: "wrong-sum" }, { kind: "wrong-sum" });
  expect(await signIn()).toMatchObject({ patron: { name: "Zoë" } });
  expect(await signIn()).toMatchObject({ ok: true });
  expect(world.logged().match(/checksum/g)).toHaveLength(1);
});

test("a wrong login is misconfigured, leaves no connection open, and sends no PIN", async () => {
  await open();
  await world.library.close();
  const { port } = world.simulator;
  const login = { user: "commonplace", password: "another", location: "" };
  const server = { host: "127.0.0.1", port, tls: null, login, encoding: "utf-8" as const };
  const other = await openSip2World({}, { server });
  expect(await other.library.authenticate(card, pin)).toEqual({ ok: false, why: "misconfigured" });
  await expect.poll(() => world.simulator.openConnections).toBe(0);
  expect(world.simulator.received.join()).not.toContain(pin);
  expect(other.logged()).toContain("login-refused");
  await other.close();
});

test("a server that judges no PINs lets nobody in", async () => {
  await open({ judgesPins: false });
  expect(await signIn()).toEqual({ ok: false, why: "misconfigured" });
  expect(world.logged()).toContain("pins-not-judged");
});

test("the patron's id is the card number that the server tells, however the card was typed", async () => {
  await open();
  world.simulator.patrons.set("FIN1", { pin, name: "Fin" });
  expect(await world.library.authenticate("fin1", pin)).toMatchObject({ patron: { id: "FIN1" } });
});

test.each<[string, Partial<Manners>]>([
  ["all at once", {}],
  ["in parts, one too many in each", { mostListed: 7, oneTooMany: true }],
  ["in parts of one", { mostListed: 1 }],
])("fifty loans are told whole by a server that lists them %s", async (_, manners) => {
  await open(manners, { connections: 1 });
  const lent = lend(50);
  const told = await account();
  expect(barcodesOf(told)).toEqual(lent);
  expect(told.unlistedLoans).toBe(0);
  expect(told.loans[0]).toMatchObject({ title: `The title ${lent[0]}`, dueOn: "2026-03-23", outOn: null });
});

test("a server that ignores ranges and lists a part tells how many are missing", async () => {
  await open({ mostListed: 7, ignoresRange: true });
  lend(10);
  const told = await account();
  expect([told.loans.length, told.unlistedLoans]).toEqual([7, 3]);
});

test("titles in AU are titles, also the same one twice, and no copies", async () => {
  await open({ titlesInAU: true });
  const lent = lend(3);
  for (const barcode of lent) world.simulator.copies.set(barcode, { title: "Beloved" });
  world.simulator.copies.set(lent[2] ?? "", { title: "Either | or: a fragment" });
  const told = await account();
  expect(told.loans.map(({ title }) => title).sort()).toEqual([
    "Beloved",
    "Beloved",
    "Either | or: a fragment",
  ]);
  expect(barcodesOf(told)).toEqual([null, null, null]);
  expect(told.unlistedLoans).toBe(0);
});

test("a server that tells nothing of items leaves barcodes, and our own catalogue names them", async () => {
  const known = {
    title: "Named here",
    author: "A",
    recordId: 7,
    isbn: null,
    format: "book",
    callNumber: null,
    subjects: [],
  };
  await open(
    { knowsItems: false },
    { findItems: async (barcodes) => new Map(barcodes.slice(0, 1).map((barcode) => [barcode, known])) },
  );
  const [first, second] = lend(2);
  expect((await account()).loans).toMatchObject([
    { barcode: first, title: "Named here", recordId: 7 },
    { barcode: second, title: second, dueOn: null },
  ]);
});

test("a card that is no longer known asks for a new sign-in", async () => {
  await open();
  expect(await world.library.readAccount({ id: "gone" })).toEqual({ ok: false, why: "sign-in-again" });
});

test.each<[string, Misdeed]>([
  ["slow, within the time", { kind: "slow", millis: 200 }],
  ["byte by byte", { kind: "drip" }],
  ["twice in one packet", { kind: "twice" }],
  ["after a 96", { kind: "say-96" }],
  ["garbled, and right when asked again", { kind: "garbled-once" }],
  ["with a wrong sum", { kind: "wrong-sum" }],
])("an answer that comes %s is taken, and so is the next", async (_, misdeed) => {
  await open({}, { connections: 1 });
  await signIn();
  world.simulator.misdeeds.push(misdeed);
  expect(await signIn()).toEqual(right);
  expect(await signIn()).toEqual(right);
  expect(await world.library.authenticate(card, "wrong")).toEqual({ ok: false, why: "wrong-credentials" });
});

test.each<[string, Misdeed, string]>([
  ["is cut in the middle", { kind: "cut" }, "unreachable"],
  ["never comes", { kind: "silent" }, "unreachable"],
  ["comes too late", { kind: "slow", millis: 900 }, "unreachable"],
  ["is garbage", { kind: "instead", bytes: latin1("HTTP/1.1 400 Bad Request\r\n\r\n") }, "protocol"],
  [
    "is another message",
    { kind: "instead", bytes: latin1("1801010120261124    101500AB1|AJ|\r") },
    "protocol",
  ],
  ["is too short", { kind: "instead", bytes: latin1("64YYYY BLY|CQY|\r") }, "protocol"],
  ["never ends", { kind: "instead", bytes: new Uint8Array(600_000).fill(65) }, "protocol"],
  ["is another question's", { kind: "other-sequence" }, "protocol"],
])(
  "an answer that %s is told as such, signs nobody in, and the next one is taken",
  async (_, misdeed, why) => {
    await open({}, { connections: 1 });
    world.simulator.misdeeds.push(misdeed);
    const started = performance.now();
    expect(await signIn()).toEqual({ ok: false, why });
    expect(performance.now() - started).toBeLessThan(900);
    expect(await signIn()).toEqual(right);
    expect(world.logged()).not.toContain(pin);
  },
);

test("a server that says 96 to everything is no server of ours", async () => {
  await open();
  world.simulator.misdeeds.push({ kind: "say-96" }, { kind: "say-96" }, { kind: "say-96" });
  expect(await signIn()).toEqual({ ok: false, why: "protocol" });
});

test("a late answer is never taken for the next question's", async () => {
  await open({ hasSums: false }, { connections: 1 });
  world.simulator.patrons.set("other", { pin: "another", name: "Other" });
  world.simulator.misdeeds.push({ kind: "slow", millis: 600 });
  expect(await signIn()).toEqual({ ok: false, why: "unreachable" });
  for (let turn = 0; turn < 5; turn++)
    expect(await world.library.authenticate("other", "another")).toMatchObject({ patron: { name: "Other" } });
});

test("connections are shared, limited and closed again when nobody asks", async () => {
  await open({}, { connections: 2, idleMs: 100 });
  await Promise.all([...Array(30).keys()].map(() => signIn()));
  expect(world.simulator.connectionsMade).toBe(2);
  await expect.poll(() => world.simulator.openConnections).toBe(0);
  expect(await signIn()).toEqual(right);
});

test("an idle connection that the server has closed costs the patron nothing", async () => {
  await open({}, { connections: 3 });
  await Promise.all([signIn(), signIn(), signIn()]);
  world.simulator.hangUp();
  expect(await signIn()).toEqual(right);
  expect(world.logged()).toBe("");
});

test("a full server that accepts and never answers times out at the login, and its place is not kept", async () => {
  await open({ mostConnections: 0 });
  expect(await signIn()).toEqual({ ok: false, why: "unreachable" });
  expect(world.logged()).toContain('"step":"login"');
  await expect.poll(() => world.simulator.openConnections).toBe(0);
});

test("a dead server is left in peace: after three failures the answer comes at once, without a try", async () => {
  await open();
  world.simulator.always = { kind: "silent" };
  for (let turn = 0; turn < 3; turn++) await signIn();
  const tries = world.simulator.connectionsMade;
  const started = performance.now();
  const answers = await Promise.all([...Array(50).keys()].map(() => signIn()));
  expect(performance.now() - started).toBeLessThan(300);
  expect(answers).toEqual(answers.map(() => ({ ok: false, why: "unreachable" })));
  expect(world.simulator.connectionsMade).toBe(tries);
  world.simulator.always = null;
  await expect.poll(signIn, { timeout: 5000 }).toEqual(right);
});
