/** Fills an empty database with the sample catalogue and the demo library's patrons. */
import { countRecords } from "@/db/catalogue";
import { openDatabase } from "@/db/connection";
import { loadIntoEmptyCatalogue } from "@/db/first-load";
import { loadSampleCatalogue } from "@/lib/catalogue/sample/sample-marc";
import { prepareLibrarySystem } from "@/lib/circulation/chosen-system";
import { env } from "@/lib/env";
import { step } from "./steps.mjs";

/** Only for the demo library: a library of one's own brings its own catalogue. */
export async function loadFirstData(url: string): Promise<void> {
  const { db, close } = openDatabase(url, 2);
  try {
    if (env().LIBRARY_SYSTEM === "demo" && (await countRecords(db)) === 0) {
      await step("loading the sample catalogue", () => loadIntoEmptyCatalogue(db, loadSampleCatalogue));
    }
    await prepareLibrarySystem(db);
  } finally {
    await close();
  }
}
