/** Calendar days as a library counts them: in its own time zone, written YYYY-MM-DD, without a time. */

const millisPerDay = 86_400_000;

/** The day that `now` falls on at the library. `timeZone` is an IANA name such as America/New_York. */
export function libraryDay(now: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

const told = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;

/** The library's day of an ISO 8601 date, or of a moment; of one without a zone, the day as written. Null: neither. */
export function readDay(text: string | null | undefined, timeZone: string): string | null {
  const [, day, time, zone] = told.exec(text?.trim() ?? "") ?? [];
  if (!day || Number.isNaN(Date.parse(`${day}T00:00:00Z`)) || addDays(day, 0) !== day) return null;
  if (!time || !zone) return day;
  const moment = new Date(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2").toUpperCase()}`);
  return Number.isNaN(moment.getTime()) ? null : libraryDay(moment, timeZone);
}

/** The hour of the library's day at `now`, 0 to 23. */
export function libraryHour(now: Date, timeZone: string): number {
  return Number(
    new Intl.DateTimeFormat("en-US", { timeZone, hour: "2-digit", hourCycle: "h23" }).format(now),
  );
}

/** The day `count` days after `day`, or before it when `count` is negative. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * millisPerDay).toISOString().slice(0, 10);
}

/** Days from `start` to `end`; negative when `end` comes first. */
export function daysBetween(start: string, end: string): number {
  return Math.round((Date.parse(`${end}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / millisPerDay);
}
