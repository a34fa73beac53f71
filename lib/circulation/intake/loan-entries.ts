/** Turns the loan events of one patron into the entries their vault is sealed. */
import type { LoanEntry } from "@/lib/vault/loan-entry";
import { type EntryKey, entryId } from "@/lib/vault/loan-mark";
import type { LoanEvent } from "./loan-event";

/** `entryKey: null` makes entries for nobody, of the same sizes. */
export function loanEntries(
  vault: { vaultId: string; entryKey: EntryKey | null },
  events: LoanEvent[],
): Omit<LoanEntry, "previous">[] {
  return events.map((event) => ({
    vaultId: vault.vaultId,
    entryId: vault.entryKey ? entryId(vault.entryKey, event.loan) : "nobody-nobody-nobody--",
    event: event.type,
    day: event.day,
    due: event.type === "return" ? null : (event.due ?? null),
    ...(event.item === undefined ? {} : { item: event.item }),
    recordId: event.record?.recordId ?? null,
    title: event.record?.title ?? null,
    author: event.record?.author ?? null,
    isbn: event.record?.isbn ?? null,
    format: event.record?.format ?? null,
    callNumber: event.record?.callNumber ?? null,
    subjects: event.record?.subjects ?? [],
  }));
}
