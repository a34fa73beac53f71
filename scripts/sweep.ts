/** `npm run sweep`: erases now what is due, for a library that sweeps by cron or wants to be sure. */
import type { Compaction } from "@/db/compaction";
import { libraryDay } from "@/lib/circulation/library-day";
import { withKeyring } from "@/lib/custody/chosen-keyring";
import type { CustodyFaultCode } from "@/lib/custody/custody-fault";
import { env } from "@/lib/env";
import { type SweepOutcome, sweep } from "@/lib/retention/sweep";
import { withCommandDatabase } from "./command-database";

type Done = Extract<SweepOutcome, { ok: true }>;

const tellEveryMs = 2_000;

/** A line now and then, so that a long rotation is seen to go on. */
function tellProgress(): (done: number, total: number) => void {
  let next = Date.now() + tellEveryMs;
  return (done, total) => {
    if (Date.now() < next) return;
    next = Date.now() + tellEveryMs;
    console.log(`Wrapping vault keys anew: ${done} of ${total}`);
  };
}

function masterLines({ rotation }: Done): string[] {
  if (rotation === null) return ["Master key: today's already. Nothing to replace."];
  if (!rotation.ok) return [masterRefusals[rotation.why]];
  const lines = [
    `Master key: generation ${rotation.generation} ${rotation.begun ? "made" : "kept"}, ${rotation.rewrapped} vault keys re-wrapped under it, ${rotation.destroyed} older masters destroyed.`,
  ];
  if (rotation.refused > 0) {
    lines.push(
      `${rotation.refused} vault keys were left as they are: they do not open under the master they name, or it is gone. Restore those rows or delete those vaults.`,
    );
  }
  if (rotation.unreadableVaults > 0) {
    lines.push(
      `${rotation.unreadableVaults} reading histories are sealed under masters that were destroyed: nobody can open them. See “Restoring” in docs/OPERATIONS.md. All others were rotated.`,
    );
  }
  if (rotation.kept.length > 0) {
    lines.push(`Older masters still needed: generations ${rotation.kept.join(", ")}. Sweep again.`);
  }
  return lines;
}

const masterRefusals: Record<CustodyFaultCode | "another-rotates" | "no-keyring", string> = {
  "another-rotates": "Master key: another process is replacing it at this moment.",
  "no-keyring": "Master key: there is no keyring yet, and no vault.",
  "keyring-missing":
    "Master key: NOT replaced. Vaults are here, and no keyring (keyring-missing). Bring the last copy of it.",
  "keyring-older":
    "Master key: NOT replaced. The database was sealed under a later master than the keyring ever had (keyring-older). Bring the newer keyring.",
  "database-older":
    "Master key: NOT replaced. Every master that this database needs has been destroyed since (database-older). Bring a newer copy of the table vault_keys.",
  "keyring-of-another-database":
    "Master key: NOT replaced. The keyring opens nothing in this database (keyring-of-another-database). Bring the one that belongs to it.",
  "no-master": "Master key: NOT replaced. A master is missing from the keyring (no-master).",
  "row-refused": "Master key: NOT replaced. A vault's row does not open (row-refused).",
  "keyring-unreadable": "Master key: NOT replaced. The keyring cannot be read (keyring-unreadable).",
  "keyring-unwritable": "Master key: NOT replaced. The keyring cannot be written (keyring-unwritable).",
  "keyring-unreachable":
    "Master key: NOT replaced. The keyring's database does not answer (keyring-unreachable).",
  "keyring-changed":
    "Master key: another process changed the keyring meanwhile (keyring-changed). Sweep again: it goes on where this ended.",
};

const compactionWords: Record<Compaction, string> = {
  done: "deleted rows removed from its file",
  busy: "in use, left for the next rotation",
  "too-large": "above 512 MiB, left alone: run VACUUM FULL on it in a quiet hour",
  refused: "not this user's to clean: let the owner of the tables sweep",
};

function compactionLines({ compaction }: Done): string[] {
  return Object.entries(compaction).map(([table, outcome]) => `Table ${table}: ${compactionWords[outcome]}`);
}

function needsAttention({ rotation, compaction }: Done): boolean {
  const isRotated =
    rotation === null ||
    (rotation.ok ? rotation.kept.length === 0 && rotation.unreadableVaults === 0 : isHarmless(rotation.why));
  return !isRotated || Object.values(compaction).includes("refused");
}

function isHarmless(why: keyof typeof masterRefusals): boolean {
  return why === "another-rotates" || why === "no-keyring";
}

// Last, because the constants above are not there before their lines have run.
await withCommandDatabase(async (databaseUrl) => {
  const settings = env();
  const now = new Date();
  const today = libraryDay(now, settings.LIBRARY_TIME_ZONE);
  const outcome = await withKeyring(settings, (keyring) =>
    sweep({
      databaseUrl,
      keyring,
      now,
      today,
      mayCompact: true,
      unopenedVaultMonths: settings.UNOPENED_VAULT_MONTHS,
      onProgress: tellProgress(),
    }),
  );
  if (!outcome.ok) {
    console.log("Another process is sweeping at this moment. Nothing was done here.");
    return;
  }
  console.log(
    [
      `Last borrowers cleared: ${outcome.lastBorrowers}`,
      `Marks of loans that never came back, cleared: ${outcome.marks}`,
      `Attempt counts that had run out, cleared: ${outcome.allowances}`,
      ...(outcome.unopened
        ? [
            `Histories that nobody opened: ${outcome.unopened.warned} patrons are told from today, ${outcome.unopened.deleted} deleted`,
          ]
        : []),
      ...masterLines(outcome),
      ...compactionLines(outcome),
    ].join("\n"),
  );
  if (needsAttention(outcome)) process.exitCode = 1;
});
