/** Shows what a command is doing while it does it, and how long each step took. */

const isTerminal = process.stdout.isTTY === true && process.env.CI === undefined;

/**
 * Runs one step under a title. On a terminal the time runs along; elsewhere a line at its start and one at its end.
 * @template T
 * @param {string} title
 * @param {(note: (sentence: string) => void) => Promise<T>} work may note what it is at
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = Date.now();
  let latest = title;
  const draw = () => process.stdout.write(`\r\x1b[2K  … ${latest} ${seconds(Date.now() - started)}`);
  const timer = isTerminal ? setInterval(draw, 250) : undefined;
  if (isTerminal) draw();
  else console.log(`  … ${title}`);
  /** @param {string} sentence */
  const note = (sentence) => {
    latest = sentence;
    if (isTerminal) draw();
    else console.log(`    ${sentence}`);
  };
  try {
    const result = await work(note);
    finish("✓");
    return result;
  } catch (cause) {
    finish("✗");
    throw cause;
  }

  /** @param {string} sign */
  function finish(sign) {
    clearInterval(timer);
    if (isTerminal) process.stdout.write("\r\x1b[2K");
    console.log(`  ${sign} ${title} (${seconds(Date.now() - started)})`);
  }
}

/** @param {number} durationMs */
export function seconds(durationMs) {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
