/** Writes calendar days and sums of money the way the reader's language does. */
import { env } from "@/lib/env";
import type { getFormat } from "./i18n";

type Format = Awaited<ReturnType<typeof getFormat>>;

/** `2026-03-02` as "Monday, March 2, 2026". */
export function formatDay(format: Format, day: string): string {
  return format.dateTime(new Date(`${day}T00:00:00Z`), { dateStyle: "full" });
}

export function formatCents(format: Format, cents: number): string {
  return format.number(cents / 100, { style: "currency", currency: env().LIBRARY_CURRENCY });
}
