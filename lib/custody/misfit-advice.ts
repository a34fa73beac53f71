/** Which backup to bring when keyring and database do not fit, in words that an operator can act on. Pure. */
import { addDays } from "@/lib/circulation/library-day";
import type { Misfit } from "./custody-fault";
import type { KeyringContents, StoredMaster } from "./keyring-contents";

export interface SeenMisfit {
  why: Misfit;
  /** Generations that the database's keys need, oldest first; at least one. */
  needed: number[];
}

/**
 * Says only what follows from the numbers and from the days in the keyring. A generation is made at most once a day, so a
 * number that is n higher became current at least n days later.
 */
export function adviseOnMisfit(
  { why, needed }: SeenMisfit,
  contents: Pick<KeyringContents, "current" | "masters"> | null,
): string {
  const sealed = `This database was last sealed under master generation ${needed.at(-1)}`;
  const newest = needed.at(-1) ?? 0;
  const held = (contents?.masters ?? []).toSorted((one, other) => one.generation - other.generation);
  switch (why) {
    case "keyring-missing":
      return `${sealed}, and there is no keyring. Bring the last copy of the keyring: it must hold ${generations(needed)}. With a new one no reading history would ever open again, so none was made.`;
    case "keyring-older":
      return `${sealed}; the keyring is an older copy: it holds ${list(held)}. Bring the newer keyring, one that holds generation ${newest}${earliest(newest, held)}. Or bring a database backup that fits this keyring: ${takenUnder(held)}. Nothing was changed.`;
    case "database-older":
      return `${sealed}; the keyring is newer: it holds ${list(held)}. ${gone(newest, held)} Bring the newest copy of the table vault_keys and put it into this database as docs/OPERATIONS.md says under “Restoring”; or bring a database backup ${takenUnder(held.filter(({ generation }) => generation > newest))}. Without either, nobody can open these histories again, and that is by design: docs/OPERATIONS.md says how to let go of them. Nothing was changed.`;
    case "keyring-of-another-database":
      return `${sealed}, and the keyring holds ${list(held)}, yet it opens not one key: it belongs to another library, or to a copy of this one that went on by itself. Bring the keyring that was last used with this very database. Nothing was changed.`;
  }
}

function generations(numbers: number[]): string {
  return numbers.length === 1 ? `generation ${numbers[0]}` : `generations ${numbers.join(", ")}`;
}

function list(masters: StoredMaster[]): string {
  if (masters.length === 0) return "no master";
  return masters.map(({ generation, since }) => `generation ${generation} (made on ${since})`).join(", ");
}

/** The day before which a later generation cannot have been made. */
function earliest(generation: number, held: StoredMaster[]): string {
  const last = held.at(-1);
  if (!last) return "";
  return ` (made on ${addDays(last.since, generation - last.generation)} or later)`;
}

/** The day by which an earlier generation had been replaced. */
function gone(generation: number, held: StoredMaster[]): string {
  const next = held.find((master) => master.generation > generation);
  if (!next) return "";
  const day = addDays(next.since, generation + 1 - next.generation);
  return `Generation ${generation} was replaced on ${day} or earlier, and destroyed: that is how a deletion reaches backups.`;
}

function takenUnder(held: StoredMaster[]): string {
  const [first, last] = [held[0], held.at(-1)];
  if (!first || !last) return "taken under a master that the keyring holds";
  if (first === last)
    return `taken on ${first.since} or later, while generation ${first.generation} was current`;
  return `taken on ${first.since} or later, while a generation from ${first.generation} to ${last.generation} was current`;
}
