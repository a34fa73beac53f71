/** Fills an empty database with the sample catalogue and the demo library's patrons. */
import { countRecords } from "@/db/catalogue";
import { openDatabase } from "@/db/connection";
import { loadSampleCatalogue } from "@/lib/catalogue/sample/sample-marc";
import { loadDemoLibrary } from "@/lib/circulation/demo/demo-sample";
import { libraryDay } from "@/lib/circulation/library-day";
import { env } from "@/lib/env";
import { step } from "./steps.mjs";

export async function loadFirstData(url: string): Promise<void> {
  const { db, close } = openDatabase(url);
  try {
    if ((await countRecords(db)) === 0) {
      await step("loading the sample catalogue", () => loadSampleCatalogue(db));
    }
    const { LIBRARY_SYSTEM, LIBRARY_TIME_ZONE } = env();
    if (LIBRARY_SYSTEM === "demo") await loadDemoLibrary(db, libraryDay(new Date(), LIBRARY_TIME_ZONE));
  } finally {
    await close();
  }
}
