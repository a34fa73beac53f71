/** The part of a check that every library system gets: sign-in, account and clock, and what its capabilities mean. */
import { expect, test } from "vitest";
import { diagnose, type Finding, judgeClock, meaningFor, otherPin } from "./diagnosis";
import type { Authentication, LibrarySystem } from "./port";

const capabilities: LibrarySystem["capabilities"] = {
  loanIds: true,
  daysOut: true,
  holds: true,
  fines: "none",
  events: true,
  visits: false,
};
const yes: Authentication = { ok: true, patron: { id: "7", name: "Quiet Reader" }, pass: "pass-of-7" };
const no: Authentication = { ok: false, why: "wrong-credentials" };

async function check(part: Partial<LibrarySystem>): Promise<Finding[]> {
  const library: LibrarySystem = {
    capabilities,
    authenticate: async (_, pin) => (pin === "1234" ? yes : no),
    readAccount: async () => ({ ok: true, account: { loans: [], unlistedLoans: 0, holds: [], fines: [] } }),
    readItem: async () => ({ ok: true, item: null }),
    close: async () => {},
    ...part,
  };
  const findings: Finding[] = [];
  for await (const finding of diagnose(library, null, { card: "1", pin: "1234" })) findings.push(finding);
  return findings;
}

test("a card is tried right, wrong and right again, so that no wrong PIN stays counted", async () => {
  const pins: string[] = [];
  await check({
    authenticate: async (_, pin) => {
      pins.push(pin);
      return pin === "1234" ? yes : no;
    },
  });
  expect(pins).toEqual(["1234", "1235", "1234"]);
});

test("the account is read as the patron who signed in, with their pass", async () => {
  let asked: unknown;
  await check({
    readAccount: async (patron) => {
      asked = patron;
      return { ok: false, why: "sign-in-again" };
    },
  });
  expect(asked).toEqual({ id: "7", pass: "pass-of-7" });
});

test("a system that takes a wrong PIN fails, and nothing is read after that", async () => {
  const findings = await check({
    authenticate: async () => yes,
    readAccount: async () => {
      throw new Error("read all the same");
    },
  });
  expect(findings.at(-1)).toMatchObject({ sign: "fails" });
  expect(findings.at(-1)?.says).toContain("wrong PIN as well");
});

test("each way in which a system can say no is a failure with a sentence of its own", async () => {
  const reasons = ["wrong-credentials", "locked", "unreachable", "misconfigured", "protocol"] as const;
  const said = new Set<string>();
  for (const why of reasons) {
    const findings = await check({ authenticate: async () => ({ ok: false, why }) });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.sign).toBe("fails");
    said.add(findings[0]?.says ?? "");
  }
  expect(said.size).toBe(reasons.length);
});

test("a wrong PIN has the right one's form and is never the right one", () => {
  for (const pin of ["1234", "9999", "quiet", "duck", "DUCK", "x!", "pin😀", "k"]) {
    expect(otherPin(pin)).not.toBe(pin);
    expect(otherPin(pin).toLowerCase()).not.toBe(pin.toLowerCase());
    expect([...otherPin(pin)]).toHaveLength([...pin].length);
  }
});

test("a clock an hour off is taken for another time zone, one seven minutes off for a wrong clock, a minute for none", () => {
  expect(judgeClock(-61_000, "UTC").sign).toBe("works");
  expect(judgeClock(-3_640_000, "UTC")).toMatchObject({
    sign: "attention",
    advice: expect.stringContaining("time zone"),
  });
  expect(judgeClock(7 * 60_000, "UTC").advice).toContain("by the network");
});

test("what a history gets is told from the capabilities alone", () => {
  const most = meaningFor({ ...capabilities, visits: true }).join(" ");
  const least = meaningFor({ ...capabilities, events: false, loanIds: false, daysOut: false }).join(" ");
  expect(most).toContain("reaches a history by itself");
  expect(least).toContain("reports nothing by itself");
  expect(least).toContain("borrowed by");
});
