/** When a vault that nobody opens is warned of and let go. Pure; days are the library's, ISO 8601. */
import { addDays } from "@/lib/circulation/library-day";

/** What is kept of a vault's last opening, sealed, while the library lets go of unopened vaults. */
export interface Opening {
  /** The month in which its key last signed something, such as 2026-11. */
  month: string;
  /** Since when its patron has been told that it will be deleted. */
  noticeFrom: string | null;
}

/** However late a sweep comes, or short the months are made: a patron is told for at least so long. */
export const noticeDays = 60;
/** The notice begins earlier than it must. */
const noticeBeforeDays = 90;

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The first day on which it may be deleted: `months` whole months after the month of the opening, and the notice over. */
export function deletionDay({ month, noticeFrom }: Opening, months: number): string {
  const due = dueDay(month, months);
  const told = noticeFrom === null ? due : addDays(noticeFrom, noticeDays);
  return told > due ? told : due;
}

export type Judgement = { act: "leave" } | { act: "note"; opening: Opening } | { act: "delete" };

/** `opening: null` is a vault of which nothing is known yet: its time begins now. */
export function judgeOpening(opening: Opening | null, months: number, today: string): Judgement {
  if (opening === null) return { act: "note", opening: { month: monthOf(today), noticeFrom: null } };
  const isNear = today >= addDays(dueDay(opening.month, months), -noticeBeforeDays);
  if (opening.noticeFrom === null) {
    return isNear ? { act: "note", opening: { ...opening, noticeFrom: today } } : { act: "leave" };
  }
  // The library has made the months longer since.
  if (!isNear) return { act: "note", opening: { ...opening, noticeFrom: null } };
  return today >= deletionDay(opening, months) ? { act: "delete" } : { act: "leave" };
}

function dueDay(month: string, months: number): string {
  const due = new Date(`${month}-01T00:00:00Z`);
  due.setUTCMonth(due.getUTCMonth() + months + 1);
  return due.toISOString().slice(0, 10);
}
