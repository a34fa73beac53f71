/** Mutated replies: no crash, no answer beyond the time-out, nobody signed in by chance, no PIN in what comes out. `npm run fuzz:sip2` runs 100,000. */
import { expect, test } from "vitest";
import { mutatedReply } from "./fixtures/mutated-replies";
import { openSip2World } from "./fixtures/sip2-contract";
import { Frames } from "./frames";
import { readReply, readTail } from "./message";
import { readItemReply, readPatronReply } from "./replies";
import { decodeText } from "./text-encoding";

const share = process.env.FUZZ === "full" ? 1 : 0.01;
const parsed = 100_000 * share;
const asked = 100_000 * share;
const hour = 3_600_000;

test(`${parsed} mutated replies are read without a crash, and none makes a PIN right that was not said to be`, () => {
  for (let seed = 0; seed < parsed; seed++) {
    const frames = new Frames().take(mutatedReply(seed));
    if (frames === "too-long") continue;
    for (const frame of frames) {
      const text = decodeText(frame.subarray(0, readTail(frame).bodyLength), "utf-8");
      const reply = readReply(text);
      if (reply === null) continue;
      const patron = readPatronReply(reply);
      if (patron.pin === "right") expect(text, `seed ${seed}`).toMatch(/CQ[\s\p{Cc}]*Y/u);
      if (patron.isKnown) expect(text, `seed ${seed}`).toMatch(/BL[\s\p{Cc}]*Y/u);
      expect(patron.owedCents ?? 0).toBeGreaterThanOrEqual(0);
      expect(readItemReply(reply, "America/New_York").dueOn ?? "2026-01-01").toMatch(/^\d{4}-\d\d-\d\d$/);
    }
  }
});

test(`${asked} questions to a server that mutates its replies end in time, in a closed answer, without the PIN`, {
  timeout: hour,
}, async () => {
  const answerMs = 40;
  const pin = "a-pin-that-must-not-show";
  const world = await openSip2World(
    { login: null },
    {
      connections: 8,
      patience: { connectMs: 2000, tlsMs: 500, loginMs: 500, answerMs, firstRestMs: 0 },
    },
  );
  const { simulator, library } = world;
  const whys = new Map<string, number>();
  let slowest = 0;
  async function lane(first: number): Promise<void> {
    for (let seed = first; seed < asked; seed += 8) {
      simulator.misdeeds.push({ kind: "instead", bytes: mutatedReply(seed), thenHangsUp: seed % 20 !== 0 });
      const started = performance.now();
      const answer = await (seed % 4 === 0
        ? library.readAccount({ id: "23529000000001" })
        : library.authenticate("23529000000001", pin));
      slowest = Math.max(slowest, performance.now() - started);
      const why = answer.ok ? "ok" : answer.why;
      whys.set(why, (whys.get(why) ?? 0) + 1);
      expect(JSON.stringify(answer)).not.toContain(pin);
    }
  }
  await Promise.all([...Array(8).keys()].map(lane));
  expect(world.logged()).not.toContain(pin);
  expect([...whys.keys()].sort()).toEqual(
    expect.arrayContaining(["ok", "protocol", "unreachable", "wrong-credentials"]),
  );
  // An account asks several questions, and more of them after a mutated count: for twelve seconds at most.
  expect(slowest).toBeLessThan(13_000);
  simulator.misdeeds.length = 0;
  simulator.patrons.set("c", { pin, name: "C" });
  await expect.poll(() => library.authenticate("c", pin), { timeout: 60_000 }).toMatchObject({ ok: true });
  await world.close();
  if (process.env.FUZZ === "full") console.log(Object.fromEntries(whys), `slowest ${Math.round(slowest)} ms`);
});
