/** What is due for erasure now, by the library's rules. Pure. */
import type { KeyringContents } from "@/lib/custody/keyring-contents";
import { type RotationDue, rotationDue } from "@/lib/custody/rotation-due";

export interface DueForErasure {
  /** Last borrowers to be cleared on this day or before (policy 3.3). ISO day. */
  lastBorrowersThrough: string;
  /** Marks of loans whose return was never reported, kept until this day or before. ISO day. */
  marksThrough: string;
  /** Allowances that were full again before this moment say nothing any more. */
  allowancesFullBefore: Date;
  /** The master, and with it what older backups hold. */
  master: RotationDue;
}

/** `today` is the library's calendar day at `now`. Without a keyring there is no master to replace. */
export function dueForErasure(
  keyring: Pick<KeyringContents, "current" | "masters"> | null,
  { now, today }: { now: Date; today: string },
): DueForErasure {
  return {
    lastBorrowersThrough: today,
    marksThrough: today,
    allowancesFullBefore: now,
    master: keyring ? rotationDue(keyring, today) : "not-due",
  };
}
