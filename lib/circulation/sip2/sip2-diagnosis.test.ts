/** The check of a SIP2 library before a simulated server: each odd manner is told, and nothing of the card is. */
import { expect, test } from "vitest";
import { diagnose, type Finding } from "../diagnosis";
import { openSip2World } from "./fixtures/sip2-contract";
import type { Manners, Misdeed, Sip2Simulator } from "./fixtures/sip2-simulator";
import { diagnoseSip2 } from "./sip2-diagnosis";
import type { Sip2Options } from "./sip2-library";

const right = { card: "23529000000001", pin: "pin-4711!" };
const patience = { connectMs: 500, tlsMs: 500, loginMs: 500, answerMs: 500, firstRestMs: 1 };

interface Trial {
  manners?: Partial<Manners>;
  server?: Partial<Sip2Options["server"]>;
  always?: Misdeed;
  timeZone?: string;
  card?: { card: string; pin: string };
  prepare?(simulator: Sip2Simulator): void;
}

async function check({ manners, server, always, timeZone, card, prepare }: Trial = {}) {
  const world = await openSip2World(manners);
  const { simulator } = world;
  for (const barcode of ["31001", "31002", "31003"]) {
    simulator.copies.set(barcode, { title: `Secret title ${barcode}` });
    simulator.loans.set(barcode, { card: right.card, due: "20260323    235900" });
  }
  simulator.always = always ?? null;
  prepare?.(simulator);
  const options: Sip2Options = {
    server: {
      host: "127.0.0.1",
      port: simulator.port,
      tls: null,
      login: { user: "commonplace", password: "a login of ours", location: "" },
      encoding: "utf-8",
      ...server,
    },
    institution: "MAIN",
    terminalPassword: "",
    connections: 1,
    timeZone: timeZone ?? "America/New_York",
    now: () => new Date("2026-03-02T15:00:00Z"),
    findItems: async () => new Map(),
    log: { warn: () => {} },
    patience,
  };
  const findings: Finding[] = [];
  for await (const finding of diagnose(world.library, diagnoseSip2(options), card ?? right))
    findings.push(finding);
  await world.close();
  const text = findings.map(({ sign, says, advice }) => `${sign}: ${says} → ${advice ?? ""}`).join("\n");
  for (const secret of [right.card, right.pin, "Secret title", "Ngô", "a login of ours"])
    expect(text).not.toContain(secret);
  return { text, findings, received: simulator.received };
}

const failed = (findings: Finding[]) =>
  findings.filter(({ sign }) => sign === "fails").map(({ says }) => says);

test("a sound server over a line on this machine fails in nothing, and its account's reach is pointed out", async () => {
  const { text, findings } = await check();
  expect(failed(findings)).toEqual([]);
  expect(text).toContain("works: It judges PINs");
  expect(text).toContain("works: A wrong PIN is refused.");
  expect(text).toContain("works: The test card signs in");
  expect(text).toContain("works: Its clock agrees");
  expect(text).toContain("works: Long lists come in pages.");
  expect(text).toContain("works: Its text is UTF-8");
  expect(text).toContain("works: The account is read: 3 out, 0 on hold.");
  expect(text).toContain("attention: The account reads any patron without a PIN");
});

test("a line to another machine without TLS fails, and so does an account that reads patrons over it", async () => {
  // 0.0.0.0 reaches this machine, and is no loopback address by name.
  const { findings } = await check({ server: { host: "0.0.0.0" } });
  expect(failed(findings)).toEqual([
    expect.stringContaining("The line is not encrypted"),
    expect.stringContaining("over a line that is not encrypted"),
  ]);
});

test("a server that says BLY without CQ fails, and no further step asks it about the card", async () => {
  const { findings, received } = await check({ manners: { judgesPins: false } });
  expect(failed(findings)).toEqual([expect.stringContaining("BLY without CQ")]);
  expect(received.filter((line) => line.startsWith("63"))).toHaveLength(1);
});

test("a server that takes every PIN fails", async () => {
  const anyPin = (simulator: Sip2Simulator) => {
    const patron = simulator.patrons.get(right.card);
    if (patron)
      Object.defineProperty(patron, "pin", {
        get: () => /\|AD([^|]*)\|/.exec(simulator.received.at(-1) ?? "")?.[1],
      });
  };
  const { findings } = await check({ prepare: anyPin });
  expect(failed(findings)).toEqual([expect.stringContaining("signs in with a wrong PIN as well")]);
});

test("nobody there, a refused account, a full server and one without TLS are told apart, and nothing of the card is sent", async () => {
  const trials: [Trial, string][] = [
    [{ server: { port: 1 } }, "Nobody answers at 127.0.0.1, port 1."],
    [{ server: { login: { user: "commonplace", password: "x", location: "" } } }, "It refuses the account."],
    [{ manners: { mostConnections: 0 } }, "It did not answer the login (timed-out)."],
    [{ server: { tls: { ca: null } } }, "It does not speak TLS."],
    [
      { always: { kind: "instead", bytes: Buffer.from("HTTP/1.1 400 Bad Request\r\n") } },
      "It did not answer the login (garbled).",
    ],
  ];
  for (const [trial, says] of trials) {
    const { findings, received } = await check(trial);
    expect(failed(findings)).toEqual([expect.stringContaining(says)]);
    expect(received.join()).not.toContain(right.card);
  }
});

test("another time zone, titles in AU, Latin-1, ignored pages and short lists are each pointed out", async () => {
  const latin1 = (text: string) => Buffer.from(text, "latin1");
  const named = (simulator: Sip2Simulator) =>
    simulator.patrons.set(right.card, { pin: right.pin, name: "Zoë" });
  const trials: [Trial, string][] = [
    [
      { timeZone: "Europe/Vienna" },
      "Its clock is 360 minutes behind this machine's, read in Europe/Vienna. → That looks like",
    ],
    [
      { manners: { clock: "20260302    100700" } },
      "Its clock is 7 minutes ahead of this machine's, read in America/New_York. → Set both",
    ],
    [{ manners: { clock: null } }, "It does not tell its status or the time."],
    [{ manners: { titlesInAU: true } }, "It lists loans by title instead of by barcode."],
    [{ manners: { encode: latin1 }, prepare: named }, "Its text is not UTF-8."],
    [{ always: { kind: "wrong-sum" } }, "Some of its checksums are wrong."],
    [{ manners: { ignoresRange: true, mostListed: 2 } }, "It listed 2 of 3 loans, and ignores pages."],
    [{ manners: { knowsItems: false } }, "It tells no title of a copy that is out."],
    [{ prepare: ({ loans }) => loans.clear() }, "The test card has nothing out"],
  ];
  for (const [trial, says] of trials) {
    const { text, findings } = await check(trial);
    expect(text).toContain(`attention: ${says}`);
    expect(failed(findings)).toEqual([]);
  }
});

test("an unknown card, a mistyped PIN and an account that may not read patrons fail in their own words", async () => {
  const trials: [Trial, string][] = [
    [{ card: { card: "9", pin: "9" } }, "It does not know the test card."],
    [{ card: { ...right, pin: "mistyped" } }, "The test card and PIN were refused."],
    [{ manners: { hidesWithoutPin: true } }, "Without a PIN it tells nothing of a patron"],
  ];
  for (const [trial, says] of trials) expect(failed((await check(trial)).findings)[0]).toContain(says);
});

test("a server that falls silent, hangs up or talks nonsense in the middle ends the check in a sentence", async () => {
  const misdeeds: Misdeed[] = [
    { kind: "silent" },
    { kind: "cut" },
    { kind: "hang-up" },
    { kind: "other-sequence" },
  ];
  for (const misdeed of misdeeds) {
    const { findings } = await check({
      prepare: ({ misdeeds: next }) => next.push({ kind: "slow", millis: 1 }, misdeed),
    });
    expect(failed(findings)).toEqual([expect.stringContaining("It did not answer as a SIP2 server does")]);
  }
});
