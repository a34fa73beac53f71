/** `npm run disclose -- --card N`: prints what the library could hand over for one card, and what it could not. */
import { parseArgs } from "node:util";
import { openDatabase } from "@/db/connection";
import { disclose } from "@/lib/audit/disclose";
import { chooseLibrarySystem } from "@/lib/circulation/chosen-system";
import { libraryDay } from "@/lib/circulation/library-day";
import { withKeyring } from "@/lib/custody/chosen-keyring";
import { CustodyFault } from "@/lib/custody/custody-fault";
import { openKeyring } from "@/lib/custody/keyring";
import { env } from "@/lib/env";
import { withCommandDatabase } from "./command-database";
import { disclosureText } from "./disclosure-text";

const usage = `Usage: npm run disclose -- --card N [--json]
  --card  the card number (the patron's id in the library system)
  --json  for programs: everything as one JSON object`;

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { card: { type: "string" }, json: { type: "boolean", default: false } },
});
const card = values.card?.replace(/\s/g, "");
if (!card) throw new Error(usage);

await withCommandDatabase(async (databaseUrl) => {
  const settings = env();
  const { LIBRARY_TIME_ZONE, LIBRARY_NAME } = settings;
  const { db, close } = openDatabase(databaseUrl, 4);
  try {
    const today = libraryDay(new Date(), LIBRARY_TIME_ZONE);
    const disclosure = await withKeyring(settings, async (store) => {
      const custody = { db, keyring: await openKeyring(store, today) };
      return disclose({ custody, librarySystem: chooseLibrarySystem(db) }, card);
    });
    if (values.json)
      console.log(JSON.stringify({ libraryName: LIBRARY_NAME, day: today, ...disclosure }, null, 2));
    else console.log(disclosureText(disclosure, { card, library: LIBRARY_NAME, day: today }));
    if (!disclosure.ok) process.exitCode = 1;
  } catch (fault) {
    if (!(fault instanceof CustodyFault)) throw fault;
    throw new Error(`The keyring cannot be used (${fault.code}).`);
  } finally {
    await close();
  }
});
