/** `npm run audit`: the annual privacy audit. Ends with 0 when nothing needs attention, else with 1. */
import { parseArgs } from "node:util";
import { openDatabase } from "@/db/connection";
import { audit } from "@/lib/audit/audit";
import { libraryDay } from "@/lib/circulation/library-day";
import { keyringPath } from "@/lib/custody/keyring-file";
import { env } from "@/lib/env";
import { auditJson, auditText } from "./audit-text";
import { withCommandDatabase } from "./command-database";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { json: { type: "boolean", default: false } },
});

await withCommandDatabase(async (databaseUrl) => {
  const { DATA_DIR, LIBRARY_TIME_ZONE, LIBRARY_NAME } = env();
  const { db, close } = openDatabase(databaseUrl, 2);
  try {
    const day = libraryDay(new Date(), LIBRARY_TIME_ZONE);
    const findings = await audit({ db, keyringPath: keyringPath(DATA_DIR), today: day });
    const write = values.json ? auditJson : auditText;
    console.log(write(findings, { library: LIBRARY_NAME, day }));
    if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
  } finally {
    await close();
  }
});
