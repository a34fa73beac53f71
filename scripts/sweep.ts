/** `npm run sweep`: erases now what is due, for a library that sweeps by cron or wants to be sure. */
import type { Compaction } from "@/db/compaction";
import { libraryDay } from "@/lib/circulation/library-day";
import { keyringPath } from "@/lib/custody/keyring-file";
import { env } from "@/lib/env";
import { type SweepOutcome, sweep } from "@/lib/retention/sweep";
import { withCommandDatabase } from "./command-database";

type Done = Extract<SweepOutcome, { ok: true }>;

await withCommandDatabase(async (databaseUrl) => {
  const { DATA_DIR, LIBRARY_TIME_ZONE } = env();
  const now = new Date();
  const today = libraryDay(now, LIBRARY_TIME_ZONE);
  const outcome = await sweep({ databaseUrl, keyringPath: keyringPath(DATA_DIR), now, today });
  if (!outcome.ok) {
    console.log("Another process is sweeping at this moment. Nothing was done here.");
    return;
  }
  console.log(
    [
      `Last borrowers cleared: ${outcome.lastBorrowers}`,
      `Marks of loans that never came back, cleared: ${outcome.marks}`,
      `Attempt counts that had run out, cleared: ${outcome.allowances}`,
      ...masterLines(outcome),
      ...compactionLines(outcome),
    ].join("\n"),
  );
  if (needsAttention(outcome)) process.exitCode = 1;
});

function masterLines({ rotation }: Done): string[] {
  if (rotation === null) return ["Master key: today's already. Nothing to replace."];
  if (!rotation.ok) return [masterRefusals[rotation.why]];
  const lines = [
    `Master key: generation ${rotation.generation} ${rotation.begun ? "made" : "kept"}, ${rotation.rewrapped} vault keys re-wrapped under it, ${rotation.destroyed} older masters destroyed.`,
  ];
  if (rotation.refused > 0) {
    lines.push(
      `${rotation.refused} vault keys do not open under their master: they are damaged. Their master is kept. Restore those rows or delete those vaults.`,
    );
  }
  if (rotation.kept.length > 0) {
    lines.push(`Older masters still needed: generations ${rotation.kept.join(", ")}. Sweep again.`);
  }
  return lines;
}

const masterRefusals = {
  "keyring-of-another-database":
    "Master key: not replaced. The keyring in DATA_DIR opens nothing in this database. Put back the one that belongs to it.",
  "another-rotates": "Master key: another process is replacing it at this moment.",
  "no-keyring": "Master key: there is no keyring yet, and no vault.",
  "no-master":
    "Master key: NOT replaced. Vaults in this database need a master that the keyring does not hold (no-master). It is the keyring of another library, or an older copy.",
  "row-refused":
    "Master key: NOT replaced. No vault key in this database opens under the keyring (row-refused). It is the keyring of another library.",
  "keyring-unreadable": "Master key: NOT replaced. The keyring cannot be read (keyring-unreadable).",
  "keyring-unwritable": "Master key: NOT replaced. The keyring cannot be written (keyring-unwritable).",
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
    rotation === null || (rotation.ok ? rotation.kept.length === 0 : isHarmless(rotation.why));
  return !isRotated || Object.values(compaction).includes("refused");
}

function isHarmless(why: keyof typeof masterRefusals): boolean {
  return why === "another-rotates" || why === "no-keyring";
}
