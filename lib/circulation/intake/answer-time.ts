/** When the intake answers: a time that depends on the number of events alone. */

/** Long enough for the transaction of a batch, whatever it holds, on a machine that is busy too. */
const baseMs = 300;
/** Above three times what one hybrid seal takes (measured: 3 ms), so that work rarely outlasts it. */
const perEventMs = 10;
/** A batch that outlasts its time on a loaded machine answers at the next multiple of this. */
const stepMs = 500;

/**
 * Milliseconds from the start of a request to its answer.
 * The library system's staff could otherwise learn from slow answers who has a vault.
 */
export function answerAfterMs(events: number, threads: number, elapsedMs: number): number {
  const planned = baseMs + Math.ceil((events * perEventMs) / threads);
  if (elapsedMs <= planned) return planned;
  return planned + Math.ceil((elapsedMs - planned) / stepMs) * stepMs;
}
