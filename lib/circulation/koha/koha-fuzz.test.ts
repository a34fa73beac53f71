/** Mutated answers: no crash, no answer beyond the time-out, no PIN in what comes out. `npm run fuzz:koha` asks 100,000. */
import { expect, test } from "vitest";
import { lendCopies, openKohaWorld } from "./fixtures/koha-contract";
import { apiClient } from "./fixtures/koha-simulator";
import { mutatedAnswer } from "./fixtures/mutated-bodies";

const asked = process.env.FUZZ === "full" ? 100_000 : 1000;
const lanes = 8;

test(`${asked} questions to a Koha that mutates its answers end in time, in a closed answer, without the PIN`, {
  timeout: 3_600_000,
}, async () => {
  const pin = "a-pin-that-must-not-show";
  const patience = { connectMs: 2000, answerMs: 500, firstRestMs: 0 };
  const world = await openKohaWorld({}, { connections: lanes, patience });
  const { simulator, library } = world;
  lendCopies(simulator, 51, 2);
  const whys = new Map<string, number>();
  let slowest = 0;
  async function lane(first: number): Promise<void> {
    for (let seed = first; seed < asked; seed += lanes) {
      // An account asks several times: some of it comes true, some mutated.
      for (let more = seed % 3; more >= 0; more--)
        simulator.misdeeds.push(
          (seed >> more) % 3 === 0 ? { kind: "slow", millis: 0 } : mutatedAnswer(seed * 3 + more),
        );
      const started = performance.now();
      const answer = await (seed % 2 === 0
        ? library.readAccount({ id: "51" })
        : seed % 5 === 0
          ? library.readItem("31000000000017")
          : library.authenticate("23529000000001", pin));
      slowest = Math.max(slowest, performance.now() - started);
      const why = answer.ok ? "ok" : answer.why;
      whys.set(why, (whys.get(why) ?? 0) + 1);
      const told = JSON.stringify(answer);
      for (const secret of [pin, apiClient.secret, "MTc2"])
        expect(told, `seed ${seed}`).not.toContain(secret);
      if (answer.ok && "account" in answer) {
        expect(answer.account.unlistedLoans).toBeGreaterThanOrEqual(0);
        for (const { outOn, dueOn, title } of answer.account.loans) {
          expect(title, `seed ${seed}`).not.toBe("");
          for (const day of [outOn, dueOn])
            expect(day ?? "2026-01-01", `seed ${seed}`).toMatch(/^\d{4}-\d\d-\d\d$/);
        }
        for (const { cents } of answer.account.fines) expect(cents, `seed ${seed}`).toBeGreaterThan(0);
        for (const { cents } of answer.account.fines)
          expect(Number.isSafeInteger(cents), `seed ${seed}`).toBe(true);
      }
      if (simulator.received.length > 1000) simulator.received.length = simulator.bodies.length = 0;
    }
  }
  await Promise.all([...Array(lanes).keys()].map(lane));
  for (const secret of [pin, "23529000000001", apiClient.secret, "MTc2"])
    expect(world.logged()).not.toContain(secret);
  expect(whys.get("ok") ?? 0).toBeGreaterThan(asked / 100);
  expect([...whys.keys()].sort()).toEqual(
    expect.arrayContaining(["misconfigured", "ok", "protocol", "unreachable", "wrong-credentials"]),
  );
  expect(slowest).toBeLessThan(13_000);
  simulator.misdeeds.length = 0;
  await expect
    .poll(() => library.authenticate("23529000000001", "pin-4711!"), { timeout: 60_000 })
    .toMatchObject({ ok: true, patron: { id: "51" } });
  await world.close();
  if (process.env.FUZZ !== undefined)
    console.log(Object.fromEntries(whys), `slowest ${Math.round(slowest)} ms`);
});
