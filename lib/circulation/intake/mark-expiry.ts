/** Until when the mark of a loan that is out is kept, in case its return is never reported. */

const monthsAfterDue = 3;
const monthsWithoutDue = 13;
/** Some library systems write 9999-12-31 for a loan without an end. */
const monthsAtMost = 36;

/** The first day of a month, so that marks of many loans share one date. Days are ISO 8601. */
export function markExpiry(eventDay: string, dueDay: string | undefined): string {
  const wanted = dueDay ? firstOfMonth(dueDay, monthsAfterDue) : firstOfMonth(eventDay, monthsWithoutDue);
  const latest = firstOfMonth(eventDay, monthsAtMost);
  return wanted < latest ? wanted : latest;
}

/** The first day of the month after so many whole months, or the last that four digits of a year can say. */
function firstOfMonth(day: string, monthsLater: number): string {
  const from = new Date(`${day}T00:00:00Z`);
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + monthsLater + 1, 1));
  return first.getUTCFullYear() > 9999 ? "9999-12-01" : first.toISOString().slice(0, 10);
}
