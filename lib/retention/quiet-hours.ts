/** The hours in which a library is asleep, so that a table may be closed for a moment. Pure. */

/** `hours` is a span such as 0-5: from the first hour to before the second, over midnight when the first is later. */
export function isQuiet(hour: number, hours: string): boolean {
  const [from = 0, to = 24] = hours.split("-").map(Number);
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}
