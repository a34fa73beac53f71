import { afterEach, expect, test } from "vitest";
import { toldItem } from "../catalogued-item";
import type { Misdeed } from "../fixtures/http-simulator";
import { openPaiaWorld, type PaiaWorld } from "./fixtures/paia-contract";
import { uriOf } from "./fixtures/paia-simulator";
import { barcodeOf } from "./paia-replies";

const [card, pin] = ["23529000000001", "pin-4711!"];
const worlds: PaiaWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function open(options: Parameters<typeof openPaiaWorld>[0] = {}): Promise<PaiaWorld> {
  const world = await openPaiaWorld(options);
  worlds.push(world);
  return world;
}

async function keyOf({ library }: PaiaWorld): Promise<{ id: string; pass?: string }> {
  const answer = await library.authenticate(card, pin);
  if (!answer.ok) throw new Error(answer.why);
  return { id: answer.patron.id, ...(answer.pass ? { pass: answer.pass } : {}) };
}

test("it asks for reading alone, and for fees only where the server has them", async () => {
  const world = await open({ hasFees: false });
  const key = await keyOf(world);
  const [login] = world.simulator.http.asked;
  expect(JSON.parse(login?.body ?? "")).toEqual({
    username: card,
    password: pin,
    grant_type: "password",
    scope: "read_patron read_items",
  });
  expect(key).toEqual({ id: "patron/0", pass: "token-0" });
  expect(await world.library.readAccount(key)).toMatchObject({ ok: true, account: { fines: [] } });
  expect(world.simulator.http.asked.filter(({ path }) => path.endsWith("/fees"))).toEqual([]);
});

test("held is a loan; reserved, ordered and provided are holds; the others are nothing", async () => {
  const world = await open();
  for (const status of [0, 1, 2, 3, 4, 5]) {
    world.simulator.copies.set(`c${status}`, `Status ${status}`);
    world.simulator.relations.set(`c${status}`, { card, status });
  }
  const answer = await world.library.readAccount(await keyOf(world));
  expect(answer).toMatchObject({
    ok: true,
    account: {
      loans: [{ title: "Status 3", barcode: "c3", outOn: "2026-03-02", dueOn: "2026-03-23", renewals: 1 }],
      holds: [
        { title: "Status 1", isReady: false, placedOn: "2026-03-02" },
        { title: "Status 2", isReady: false },
        { title: "Status 4", isReady: true, placedOn: null, readyOn: "2026-03-02" },
      ],
    },
  });
});

test("our own catalogue describes a copy that it knows", async () => {
  const ours = toldItem({ title: "Middlemarch", recordId: 7, isbn: "9780141439549" });
  const world = await open({ findItems: async () => new Map([["c", ours]]) });
  world.simulator.relations.set("c", { card, status: 3 });
  const answer = await world.library.readAccount(await keyOf(world));
  expect(answer).toMatchObject({ ok: true, account: { loans: [{ ...ours, barcode: "c" }] } });
});

test("fees are told with their copy; credits are no fines; other money is a wrong setting", async () => {
  const world = await open();
  world.simulator.relations.set("out", { card, status: 3 });
  const fees = world.simulator.patrons.get(card)?.fees;
  fees?.push(
    { amount: "0.80 USD", about: "Late", item: uriOf("out") },
    { amount: "12.05 USD", about: "Lost", item: uriOf("gone") },
    { amount: "3.00 USD", about: "Card" },
    { amount: "-5.00 USD", about: "Paid twice" },
  );
  const key = await keyOf(world);
  expect(await world.library.readAccount(key)).toMatchObject({
    account: {
      fines: [
        { title: "Late", cents: 80, returned: false },
        { title: "Lost", cents: 1205, returned: true },
        { title: "Card", cents: 300, returned: null },
      ],
    },
  });
  fees?.push({ amount: "0.80 EUR" });
  expect(await world.library.readAccount(key)).toEqual({ ok: false, why: "misconfigured" });
  expect(world.logged()).toContain("wrong-currency");
});

test("a session that ended asks to sign in again", async () => {
  const world = await open();
  const key = await keyOf(world);
  world.simulator.tokens.clear();
  expect(await world.library.readAccount(key)).toEqual({ ok: false, why: "sign-in-again" });
  for (const pass of [undefined, "", "two words", "line\r\nbreak"])
    expect(await world.library.readAccount({ id: key.id, pass })).toEqual({
      ok: false,
      why: "sign-in-again",
    });
});

const answers: [string, Misdeed, string][] = [
  ["silence", { kind: "silent" }, "unreachable"],
  ["a slow answer", { kind: "slow", ms: 900 }, "unreachable"],
  ["a cut in the middle", { kind: "cut" }, "unreachable"],
  ["500 with a page", { kind: "status", status: 500 }, "unreachable"],
  ["too many questions", { kind: "status", status: 429 }, "unreachable"],
  ["501", { kind: "status", status: 501 }, "misconfigured"],
  ["a page for a 403", { kind: "status", status: 403 }, "protocol"],
  ["404", { kind: "status", status: 404 }, "misconfigured"],
  ["a redirect", { kind: "redirect", to: "http://127.0.0.1:1/" }, "misconfigured"],
  ["a page", { kind: "instead", body: "<html>" }, "protocol"],
  ["an empty object", { kind: "instead", body: "{}" }, "protocol"],
  [
    "OAuth's invalid_grant",
    { kind: "status", status: 400, body: '{"error":"invalid_grant"}' },
    "wrong-credentials",
  ],
  [
    "an error with 200",
    { kind: "instead", body: '{"error":"access_denied","code":403}' },
    "wrong-credentials",
  ],
  [
    "a client that is not known",
    { kind: "status", status: 401, body: '{"error":"invalid_client"}' },
    "misconfigured",
  ],
  [
    "a token that is no token",
    { kind: "instead", body: '{"patron":"1","access_token":"a\\r\\nb"}' },
    "protocol",
  ],
  ["a patron that climbs", { kind: "instead", body: '{"patron":"..","access_token":"a"}' }, "protocol"],
];

test.each(answers)("at sign-in %s is said as what it is", async (_, misdeed, why) => {
  const world = await open();
  world.simulator.http.misdeeds.push(misdeed);
  expect(await world.library.authenticate(card, pin)).toEqual({ ok: false, why });
  expect(world.logged()).not.toContain(pin);
});

test("a barcode is read from the end of a copy's URI", () => {
  const read = (item: string | null) => barcodeOf({ item });
  expect(read("http://uri.gbv.de/document/opac-de-hil2:bar:830$28295402")).toBe("830$28295402");
  expect(read("http://example.org/items/barcode1234567")).toBe("barcode1234567");
  expect(read("http://example.org/item?id=12%2F3")).toBe("12/3");
  for (const none of [null, "", "http://example.org/", `x:${"1".repeat(41)}`]) expect(read(none)).toBeNull();
});

const rounds = process.env.FUZZ === "full" ? 100_000 : 600;

test(`${rounds} mutated answers end in a closed answer, in time, without the PIN`, {
  timeout: 3_600_000,
}, async () => {
  const world = await open({ patience: { connectMs: 2000, answerMs: 2000, firstRestMs: 0 } });
  world.simulator.relations.set("c", { card, status: 3 });
  const key = await keyOf(world);
  const whys = new Set<string>();
  for (let seed = 0; seed < rounds; seed++) {
    world.simulator.http.untouched = seed % 3 === 1 ? 1 : 0;
    world.simulator.http.misdeeds.splice(0, 9, { kind: "mutate", seed });
    const answer = await (seed % 3 === 2
      ? world.library.readAccount(key)
      : world.library.authenticate(card, seed % 2 === 0 ? pin : "wrong-pin"));
    whys.add(answer.ok ? "ok" : answer.why);
    if (seed % 3 !== 2 && seed % 2 !== 0) expect(answer.ok, `seed ${seed}`).toBe(false);
    expect(JSON.stringify(answer)).not.toContain(pin);
  }
  expect(world.logged()).not.toContain(pin);
  expect([...whys]).toEqual(expect.arrayContaining(["ok", "protocol", "wrong-credentials"]));
});
