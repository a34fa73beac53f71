import { afterEach, expect, test } from "vitest";
import type { Misdeed } from "../fixtures/http-simulator";
import { type EvergreenWorld, openEvergreenWorld } from "./fixtures/evergreen-contract";

const [card, pin] = ["23529000000001", "pin-4711!"];
const worlds: EvergreenWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function open(options: Parameters<typeof openEvergreenWorld>[0] = {}): Promise<EvergreenWorld> {
  const world = await openEvergreenWorld(options);
  world.simulator.copies.set(701, { barcode: "b1", title: "Middlemarch" });
  world.simulator.copies.set(702, { barcode: "b2", title: "Typed at the desk", isUncatalogued: true });
  worlds.push(world);
  return world;
}

async function keyOf({ library }: EvergreenWorld) {
  const answer = await library.authenticate(card, pin);
  if (!answer.ok) throw new Error(answer.why);
  return { id: answer.patron.id, pass: answer.pass };
}

const both = ["gateway", "rest"] as const;

test("the PIN itself never crosses the gateway, and the session asked for is a patron's", async () => {
  const world = await open();
  await keyOf(world);
  const bodies = world.simulator.http.asked.map(({ body }) => decodeURIComponent(body)).join("\n");
  expect(bodies).not.toContain(pin);
  expect(bodies).toContain('"type":"opac"');
});

test.each(both)(
  "by %s a renewed loan keeps the id, and the day, of its first circulation",
  async (speaks) => {
    const world = await open({ speaks });
    const first = world.simulator.lend(card, "b1");
    world.simulator.renew("b1", card);
    world.simulator.renew("b1", card);
    const answer = await world.library.readAccount(await keyOf(world));
    const loan = {
      loanId: String(first),
      barcode: "b1",
      renewals: 2,
      outOn: "2026-03-02",
      dueOn: "2026-03-23",
    };
    expect(answer).toMatchObject({
      ok: true,
      account: {
        loans: [{ ...loan, author: "Eliot, George", isbn: "9780141439549", subjects: ["England"] }],
      },
    });
  },
);

test.each(both)("by %s circulations that are each other's parents end", async (speaks) => {
  const world = await open({ speaks });
  const id = world.simulator.lend(card, "b1");
  const [circ] = world.simulator.circs;
  if (circ) circ.parent = id;
  expect(await world.library.readAccount(await keyOf(world))).toMatchObject({ ok: true });
});

test("overdue is out; lost and claimed are counted, not listed; a copy without a record has its desk title", async () => {
  const world = await open();
  for (const [state, barcode] of [
    ["out", "b1"],
    ["overdue", "b2"],
    ["lost", "b1"],
    ["claims_returned", "b1"],
  ] as const) {
    world.simulator.lend(card, barcode);
    const circ = world.simulator.circs.at(-1);
    if (circ) circ.state = state;
  }
  const answer = await world.library.readAccount(await keyOf(world));
  expect(answer).toMatchObject({
    account: { unlistedLoans: 2, loans: [{ title: "Middlemarch" }, { title: "Typed at the desk" }] },
  });
});

test("a server without the copy's method tells loans without barcodes", async () => {
  const world = await open();
  world.simulator.missing.add("open-ils.search.asset.copy.retrieve");
  world.simulator.lend(card, "b1");
  const answer = await world.library.readAccount(await keyOf(world));
  expect(answer).toMatchObject({ ok: true, account: { loans: [{ title: "Middlemarch", barcode: null }] } });
});

test("objects are read in the order that the server's own IDL tells", async () => {
  const world = await open();
  const { classes } = world.simulator;
  const turned = Object.entries(classes).map(([name, fields]) => [name, ["new_field", ...fields].reverse()]);
  world.simulator.classes = Object.fromEntries(turned);
  world.simulator.lend(card, "b1");
  const answer = await world.library.readAccount(await keyOf(world));
  expect(answer).toMatchObject({ ok: true, account: { loans: [{ title: "Middlemarch", barcode: "b1" }] } });
  const asked = world.simulator.http.asked.filter(({ path }) => path.endsWith("fm_IDL.xml"));
  expect(asked).toHaveLength(1);
});

test("a class that the IDL lacks is no answer", async () => {
  const world = await open();
  world.simulator.untold.add("circ");
  world.simulator.lend(card, "b1");
  expect(await world.library.readAccount(await keyOf(world))).toEqual({ ok: false, why: "protocol" });
});

test.each(both)("by %s an ended session asks to sign in again", async (speaks) => {
  const world = await open({ speaks });
  const key = await keyOf(world);
  world.simulator.tokens.clear();
  expect(await world.library.readAccount(key)).toEqual({ ok: false, why: "sign-in-again" });
  for (const pass of [undefined, "", "two words", "line\r\nbreak"])
    expect(await world.library.readAccount({ id: key.id, pass })).toEqual({
      ok: false,
      why: "sign-in-again",
    });
});

test.each(both)(
  "by %s a barred or inactive patron is locked, and told so only with the right PIN",
  async (speaks) => {
    const world = await open({ speaks });
    const patron = world.simulator.patrons.get(card);
    for (const event of ["PATRON_INACTIVE", "PATRON_CARD_INACTIVE", "PERM_FAILURE"]) {
      if (patron) patron.event = event;
      expect(await world.library.authenticate(card, pin)).toEqual({ ok: false, why: "locked" });
      expect(await world.library.authenticate(card, "x")).toEqual({ ok: false, why: "wrong-credentials" });
    }
  },
);

test("REST splits at colons: a PIN cannot choose the kind of session", async () => {
  const world = await open({ speaks: "rest" });
  expect(await world.library.authenticate(card, `${pin}:staff`)).toEqual({
    ok: false,
    why: "wrong-credentials",
  });
  expect(world.simulator.http.asked).toEqual([]);
});

const ok = (payload: unknown) => JSON.stringify({ payload: [payload], status: 200 });
const answers: [string, Misdeed, string][] = [
  ["silence", { kind: "silent" }, "unreachable"],
  ["a slow answer", { kind: "slow", ms: 900 }, "unreachable"],
  ["a cut in the middle", { kind: "cut" }, "unreachable"],
  ["500 with a page", { kind: "status", status: 500 }, "unreachable"],
  [
    "a service that is down",
    { kind: "instead", body: '{"payload":[],"status":503,"debug":"x"}' },
    "unreachable",
  ],
  ["404", { kind: "status", status: 404 }, "misconfigured"],
  ["a method that is not there", { kind: "instead", body: '{"payload":[],"status":404}' }, "misconfigured"],
  ["a redirect", { kind: "redirect", to: "https://127.0.0.1:1/" }, "misconfigured"],
  ["a page", { kind: "instead", body: "<html>" }, "protocol"],
  ["an empty payload", { kind: "instead", body: '{"payload":[],"status":200}' }, "protocol"],
  ["an event of another kind", { kind: "instead", body: ok({ textcode: "BAD_PARAMS" }) }, "protocol"],
  [
    "a token that is none",
    { kind: "instead", body: ok({ textcode: "SUCCESS", payload: { authtoken: "a\r\nb" } }) },
    "protocol",
  ],
];

test.each(answers)("at sign-in %s is said as what it is", async (_, misdeed, why) => {
  const world = await open();
  world.simulator.http.untouched = 1;
  world.simulator.http.misdeeds.push(misdeed);
  expect(await world.library.authenticate(card, pin)).toEqual({ ok: false, why });
  expect(world.logged()).not.toContain(pin);
});

test.each([
  ["a page", { kind: "instead", body: "<html><br></html>" }, "protocol"],
  ["an unfinished document", { kind: "instead", body: "<IDL><class id='circ'>" }, "protocol"],
  [
    "entities",
    { kind: "instead", body: '<!DOCTYPE x [<!ENTITY a "b">]><IDL><class id="&a;"/></IDL>' },
    "protocol",
  ],
  ["404", { kind: "status", status: 404 }, "misconfigured"],
] satisfies [string, Misdeed, string][])(
  "in place of the IDL %s is said as what it is",
  async (_, misdeed, why) => {
    const world = await open();
    world.simulator.http.untouched = 3;
    world.simulator.http.misdeeds.push(misdeed);
    expect(await world.library.authenticate(card, pin)).toEqual({ ok: false, why });
    expect(await world.library.authenticate(card, pin)).toMatchObject({ ok: true });
  },
);

const rounds = process.env.FUZZ === "full" ? 100_000 : 600;

test.each(both)(
  `by %s ${rounds} mutated answers end in a closed answer, in time, without the PIN`,
  { timeout: 3_600_000 },
  async (speaks) => {
    const world = await open({ speaks, patience: { connectMs: 2000, answerMs: 2000, firstRestMs: 0 } });
    world.simulator.lend(card, "b1");
    world.simulator.renew("b1", card);
    const key = await keyOf(world);
    const whys = new Set<string>();
    for (let seed = 0; seed < rounds; seed++) {
      const isAccount = seed % 3 === 2;
      const isWrong = !isAccount && seed % 2 !== 0;
      world.simulator.http.untouched = seed % (isAccount ? 7 : 3);
      world.simulator.http.misdeeds.splice(0, 9, { kind: "mutate", seed });
      const started = performance.now();
      const answer = await (isAccount
        ? world.library.readAccount(key)
        : world.library.authenticate(card, isWrong ? "wrong-pin" : pin));
      expect(performance.now() - started).toBeLessThan(13_000);
      whys.add(answer.ok ? "ok" : answer.why);
      if (isWrong) expect(answer.ok, `seed ${seed}`).toBe(false);
      expect(JSON.stringify(answer)).not.toContain(pin);
      if (seed % 100 === 0) world.simulator.tokens.set(key.pass ?? "", 500);
    }
    expect(world.logged()).not.toContain(pin);
    expect([...whys]).toEqual(expect.arrayContaining(["ok", "protocol", "wrong-credentials"]));
  },
);
