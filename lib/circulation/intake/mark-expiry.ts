/** Until when the mark of a loan that is out is kept, in case its return is never reported. */

const monthsAfterDue = 3;
const monthsWithoutDue = 13;

/** The first day of a month, so that marks of many loans share one date. Days are ISO 8601. */
export function markExpiry(eventDay: string, dueDay: string | undefined): string {
  const from = new Date(`${dueDay ?? eventDay}T00:00:00Z`);
  const months = dueDay ? monthsAfterDue : monthsWithoutDue;
  return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 1))
    .toISOString()
    .slice(0, 10);
}
