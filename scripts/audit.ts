/** `npm run audit`: the annual privacy audit. Ends with 0 when nothing needs attention, else with 1. */
import { parseArgs } from "node:util";
import { openDatabase } from "@/db/connection";
import { separationOf } from "@/db/keyring-database";
import { audit } from "@/lib/audit/audit";
import type { KeyringPlace } from "@/lib/audit/keyring-place";
import { libraryDay } from "@/lib/circulation/library-day";
import { withKeyring } from "@/lib/custody/chosen-keyring";
import { keyringPath } from "@/lib/custody/keyring-file";
import { env } from "@/lib/env";
import { auditJson, auditText } from "./audit-text";
import { withCommandDatabase } from "./command-database";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { json: { type: "boolean", default: false } },
});

await withCommandDatabase(async (databaseUrl) => {
  const settings = env();
  const { DATA_DIR, KEYRING_DATABASE_URL, LIBRARY_TIME_ZONE, LIBRARY_NAME } = settings;
  const { db, close } = openDatabase(databaseUrl, 2);
  const keys = KEYRING_DATABASE_URL ? openDatabase(KEYRING_DATABASE_URL, 1) : null;
  try {
    const day = libraryDay(new Date(), LIBRARY_TIME_ZONE);
    const keyringPlace: KeyringPlace =
      keys && KEYRING_DATABASE_URL
        ? { kind: "database", db: keys.db, separation: await separationOf(databaseUrl, KEYRING_DATABASE_URL) }
        : { kind: "file", path: keyringPath(DATA_DIR) };
    const findings = await withKeyring(settings, (keyring) =>
      audit({ db, keyring, keyringPlace, today: day }),
    );
    const write = values.json ? auditJson : auditText;
    console.log(write(findings, { library: LIBRARY_NAME, day }));
    if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
  } finally {
    await keys?.close();
    await close();
  }
});
