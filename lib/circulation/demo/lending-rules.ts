/** The demo library's rules of lending: how long, how often again, and what a late day costs. Pure. */
import { addDays, daysBetween } from "../library-day";

export const maxRenewals = 2;
export const centsPerLateDay = 25;
export const maxFineCents = 1000;

const loanDays = 21;
const filmDays = 7;

/** The due day of a loan or a renewal that begins on `day`. */
export function dueDay(format: string, day: string): string {
  return addDays(day, format === "film" ? filmDays : loanDays);
}

/** What a loan due on `dueOn` costs when it is back, or looked at, on `day`. Nothing on the due day itself. */
export function fineCents(dueOn: string, day: string): number {
  const lateDays = Math.max(0, daysBetween(dueOn, day));
  return Math.min(maxFineCents, lateDays * centsPerLateDay);
}

export interface RenewalCase {
  dueOn: string;
  renewals: number;
  /** Another patron waits for the same record. */
  awaited: boolean;
}

export type RenewalRefusal = "overdue" | "no-renewals-left" | "on-hold";

/** Why a loan cannot be renewed on `today`, or null when it can. */
export function refuseRenewal(loan: RenewalCase, today: string): RenewalRefusal | null {
  if (loan.dueOn < today) return "overdue";
  if (loan.renewals >= maxRenewals) return "no-renewals-left";
  return loan.awaited ? "on-hold" : null;
}
