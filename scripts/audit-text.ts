/** The audit's findings in plain words, with what to do about each, and what only the library can look after. */

import type { AuditSubject, Finding } from "@/lib/audit/audit";
import { keptElsewhere } from "@/lib/circulation/kept-elsewhere";

interface Words {
  sound: string;
  attention: string;
  advice: string;
}

/** In the order of the report. */
const words: Record<AuditSubject, Words> = {
  "vault-columns": {
    sound: "No column of a reading history holds a clock or a serial number.",
    attention: "Columns of reading histories could tell when or in which order rows were written:",
    advice: "Drop them. Nothing that lasts may link a row to a loan in the library system.",
  },
  "known-columns": {
    sound:
      "The database holds the tables and columns of this version and no others: none for searches, none for pages seen.",
    attention: "Tables or columns that this version does not know:",
    advice: "Find out who made them and what they collect, and drop them.",
  },
  "marks-unlogged": {
    sound: "Marks of loans that are out stay out of the write-ahead log.",
    attention: "Marks of loans that are out are written to the write-ahead log, or their table is missing:",
    advice: "ALTER TABLE loan_marks SET UNLOGGED;",
  },
  "marks-overdue": {
    sound: "No mark of a loan has outlived its date.",
    attention: "Marks of loans past their date:",
    advice: "Run `npm run sweep`, and see that it runs daily: SWEEP_IN_PROCESS=true, or cron.",
  },
  "last-borrowers-overdue": {
    sound: "No item names a last borrower for longer than the policy allows.",
    attention: "Items that name their last borrower past the day of clearing:",
    advice: "Run `npm run sweep`, and see that it runs daily: SWEEP_IN_PROCESS=true, or cron.",
  },
  "keyring-readable": {
    sound: "The keyring is whole.",
    attention: "The keyring cannot be read, and without it no reading history opens:",
    advice: "Restore today's copy of it. Don't start the library with a new one.",
  },
  "master-age": {
    sound: "The master key is of today or yesterday.",
    attention:
      "The master key is old: what was deleted since then can be opened from a backup together with it. It is of:",
    advice: "Run `npm run sweep`, and see that it runs daily: SWEEP_IN_PROCESS=true, or cron.",
  },
  "masters-alive": {
    sound: "No older master key is alive, and none that a history needs is missing.",
    attention: "The keyring and the database do not fit:",
    advice:
      "For one still in the keyring: run `npm run sweep`; if it stays, a vault key is damaged. For one that is missing: see below.",
  },
  "vaults-unreadable": {
    sound: "Every reading history is sealed under a master key that is still there.",
    attention:
      "Reading histories under master keys that have been destroyed, which nobody can open any more (a restored backup leaves such):",
    advice:
      "Put the newest copy of the table vault_keys in its place, or let go of them: docs/OPERATIONS.md, “Restoring”. The others are served and rotated all the same.",
  },
  "keyring-place": {
    sound:
      "The keyring is its owner's alone, in a folder that others cannot list, outside the database's folder.",
    attention: "The keyring's place:",
    advice:
      "chmod 600 the file and 700 (or 711) its folder; keep it out of PostgreSQL's folder, or one backup holds both. If the folder cannot be seen, GRANT pg_read_all_settings to this user, or look for yourself.",
  },
  "keyring-database": {
    sound:
      "The keyring's database is on a server of its own, which writes no key to its log or its write-ahead log.",
    attention: "The server of the keyring's database keeps what should be gone, or tells it:",
    advice:
      "wal_level = 'minimal', max_wal_senders = 0, archive_mode = off, and the logging settings of docs/OPERATIONS.md, “A keyring for several machines”; then restart it.",
  },
  "database-log": {
    sound: "PostgreSQL's log holds no statement, no parameter and no quoted row.",
    attention: "PostgreSQL's log may quote what is written (cards, titles being loaded):",
    advice:
      "ALTER SYSTEM SET log_statement = 'none', log_min_duration_statement = -1, log_parameter_max_length = 0, log_parameter_max_length_on_error = 0, log_min_messages = 'log', log_error_verbosity = 'terse', one statement each; then SELECT pg_reload_conf().",
  },
  "database-archive": {
    sound: "The write-ahead log is neither archived nor streamed.",
    attention: "The write-ahead log, which keeps every deleted byte, is kept or sent elsewhere:",
    advice:
      "It opens for nobody once the day's master is destroyed. Keep it apart from the keyring all the same, and no longer than the policy says. A standby must be synchronous, or a failover may lose re-wrapped keys.",
  },
  "database-clock": {
    sound: "PostgreSQL keeps no commit time per row.",
    attention: "PostgreSQL keeps the commit time of every row:",
    advice: "ALTER SYSTEM SET track_commit_timestamp = off; and restart it.",
  },
  "database-durable": {
    sound: "What PostgreSQL has committed is on disk.",
    attention:
      "A crash may lose committed rows. After a rotation that means histories that nobody can open again:",
    advice: "ALTER SYSTEM SET fsync = on, full_page_writes = on, one statement each; and restart it.",
  },
};

const placeWords: Record<string, string> = {
  "same-database": "it is the library's own database",
  "same-server": "it is on the library's own database server",
  missing:
    "there is none. A library that has never been started makes its own; one with reading histories needs its own back first",
  "others-may-read": "the file may be read or written by others than its owner",
  "folder-open-to-others": "its folder may be listed or written by everybody",
  "inside-database": "it lies inside PostgreSQL's data folder",
  "database-folder-unseen": "PostgreSQL's data folder cannot be seen by this user",
};

/** What no program can see from here. Never part of the outcome. */
const reminders = [
  "Backups: keep copies of the database and of the keyring apart. A database backup restored after a rotation needs today's vault_keys table and keyring: keep one current copy of these two, overwritten and never collected.",
  ...Object.values(keptElsewhere),
  "Reverse proxies and load balancers: their access logs hold addresses of searches. Turn query strings, or the logs, off.",
];

export interface Heading {
  library: string;
  day: string;
}

export function auditText(findings: Finding[], { library, day }: Heading): string {
  const lines = findings.map((finding) => {
    if (finding.ok) return `  ok         ${words[finding.subject].sound}`;
    const { attention, advice } = words[finding.subject];
    const seen = finding.seen.map((one) => placeWords[one] ?? one).join("; ");
    return `  attention  ${attention} ${seen}\n             → ${advice}`;
  });
  const open = findings.filter(({ ok }) => !ok).length;
  return [
    `Privacy audit of ${library}, ${day}`,
    lines.join("\n"),
    `To look after yourselves, because no program here can see it\n${reminders.map((one) => `  - ${one}`).join("\n")}`,
    open === 0 ? "Nothing needs attention." : `${open} of ${findings.length} need attention.`,
  ].join("\n\n");
}

export function auditJson(findings: Finding[], { library, day }: Heading): string {
  const told = findings.map(({ subject, ok, seen }) => {
    const { sound, attention, advice } = words[subject];
    return ok ? { subject, ok, says: sound } : { subject, ok, says: attention, seen, advice };
  });
  return JSON.stringify(
    { library, day, ok: findings.every(({ ok }) => ok), findings: told, reminders },
    null,
    2,
  );
}
