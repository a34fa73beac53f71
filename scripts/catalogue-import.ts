/** `npm run catalogue:import -- FILE…`: brings files of MARC 21 records into the catalogue, also while the server is up. */
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openDatabase } from "@/db/connection";
import {
  type ImportCount,
  type ImportSummary,
  importRecords,
  type SkipReason,
} from "@/lib/catalogue/import-records";
import type { ItemField } from "@/lib/catalogue/marc-fields";
import { type MarcFile, openMarcFile } from "@/lib/catalogue/marc-file";
import { withCommandDatabase } from "./command-database";

const usage = `Usage: npm run catalogue:import -- [--source NAME] [--items TAG:BARCODE,BRANCH,CALLNUMBER] FILE…
  FILE      MARC 21 records, ISO 2709 in UTF-8; .gz too
  --source  which catalogue the control numbers belong to; the same again updates its records (default: catalogue)
  --items   where the items are, such as 952:p,b,o; by default Koha's 952, then 852`;

const faults: Record<Extract<MarcFile, { ok: false }>["why"], string> = {
  missing: "There is no such file.",
  "no-file": "This is a folder or a device, not a file.",
  unreadable: "This file may not be read by this user.",
  empty: "The file is empty.",
  marcxml: "This is XML. Convert it to ISO 2709 first, for example with yaz-marcdump -i marcxml -o marc.",
  "not-marc": "This is no file of MARC 21 records (ISO 2709).",
  "damaged-gzip": "The file is gzipped, and damaged from the start.",
};

const reasons: Record<SkipReason, string> = {
  "no-record": "bytes between records that are no record",
  "cut-short": "cut short: the file ends inside it",
  "too-long": "longer than 4 MiB",
  "not-utf8": "not in UTF-8 (MARC-8 or another encoding)",
  "no-leader": "no readable leader",
  "broken-directory": "the directory does not fit the fields",
  "no-title": "no title (field 245)",
  "not-storable": "refused by the database",
};

async function main() {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2),
    allowPositionals: true,
    options: { source: { type: "string", default: "catalogue" }, items: { type: "string" } },
  });
  if (positionals.length === 0) throw new Error(usage);
  const itemFields = values.items === undefined ? undefined : [readItemField(values.items)];
  const paths = positionals.map((given) => resolve(process.env.INIT_CWD ?? process.cwd(), given));
  // All are looked at before the first is imported.
  for (const path of paths) await assertUsable(path);

  await withCommandDatabase(async (url) => {
    const { db, close } = openDatabase(url, 2);
    try {
      for (const path of paths) {
        const file = await openMarcFile(path);
        if (!file.ok) throw new Error(`${path}: ${faults[file.why]}`);
        const progress = showProgress(basename(path), file);
        const summary = await importRecords(db, file.chunks, {
          source: values.source,
          ...(itemFields && { itemFields }),
          onProgress: progress.show,
        }).finally(progress.end);
        tellSummary(basename(path), summary, progress.seconds());
        if (summary.read === summary.skipped) process.exitCode = 1;
      }
    } finally {
      await close();
    }
  });
}

async function assertUsable(path: string) {
  const file = await openMarcFile(path);
  if (!file.ok) throw new Error(`${path}: ${faults[file.why]}`);
  for await (const _ of file.chunks) break;
}

function readItemField(written: string): ItemField {
  const [, tag, barcode, branch, callNumber] = /^(\w{3}):(\w),(\w+),(\w+)$/.exec(written) ?? [];
  if (!tag || !barcode || !branch || !callNumber) throw new Error(usage);
  return { tag, barcode, branch, callNumber };
}

const isTerminal = process.stdout.isTTY === true && process.env.CI === undefined;
const barWidth = 24;
const plainLineEveryMs = 5000;

function showProgress(name: string, file: Extract<MarcFile, { ok: true }>) {
  const started = performance.now();
  let last = started;
  const seconds = () => (performance.now() - started) / 1000;
  const show = (count: ImportCount) => {
    const share = file.byteCount === 0 ? 1 : file.bytesRead() / file.byteCount;
    const perSecond = Math.round(count.read / Math.max(seconds(), 0.001));
    const told = `${number(count.read)} records, ${number(perSecond)} a second`;
    const filled = Math.round(share * barWidth);
    const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
    if (isTerminal) process.stdout.write(`\r\x1b[2K  ${name} ${bar} ${Math.round(share * 100)}%  ${told}`);
    else if (performance.now() - last > plainLineEveryMs) {
      console.log(`  ${name}: ${Math.round(share * 100)}%, ${told}`);
      last = performance.now();
    }
  };
  const end = () => {
    if (isTerminal) process.stdout.write("\r\x1b[2K");
  };
  return { show, end, seconds };
}

function tellSummary(name: string, summary: ImportSummary, seconds: number) {
  console.log(
    `  ${name}: ${number(summary.read)} read, ${number(summary.added)} new, ${number(summary.updated)} updated, ${number(summary.skipped)} skipped, in ${seconds.toFixed(1)} s`,
  );
  for (const [why, count] of Object.entries(summary.skippedBy)) {
    const places = summary.firstSkipped
      .filter((skipped) => skipped.why === why)
      .map((skipped) => skipped.position);
    const shown = places.slice(0, 10).join(", ");
    const reason = Object.entries(reasons).find(([code]) => code === why)?.[1] ?? why;
    console.log(`    ${number(count)} ${reason}${shown && `: record ${shown}`}${count > 10 ? ", …" : ""}`);
  }
}

function number(value: number): string {
  return value.toLocaleString("en");
}

await main();
