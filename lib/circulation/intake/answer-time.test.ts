import fc from "fast-check";
import { expect, test } from "vitest";
import { answerAfterMs } from "./answer-time";

const batch = fc.integer({ min: 1, max: 500 });
const threads = fc.integer({ min: 1, max: 8 });

test("work that ends in time is answered at a time that depends on the number of events and threads alone", () => {
  fc.assert(
    fc.property(batch, threads, fc.double({ min: 0, max: 1, noNaN: true }), (events, count, share) => {
      const planned = answerAfterMs(events, count, 0);
      // Room for what the seals take, 3 ms each.
      expect(planned).toBeGreaterThan((events * 3) / count);
      expect(answerAfterMs(events, count, planned * share)).toBe(planned);
    }),
  );
});

test("work that outlasts its time is answered at one of few later times, and never before it is done", () => {
  fc.assert(
    fc.property(batch, threads, fc.double({ min: 1, max: 60_000, noNaN: true }), (events, count, late) => {
      const planned = answerAfterMs(events, count, 0);
      const answered = answerAfterMs(events, count, planned + late);
      expect(answered).toBeGreaterThanOrEqual(planned + late);
      expect((answered - planned) % 500).toBe(0);
    }),
  );
});
