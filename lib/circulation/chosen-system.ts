/** The one file that chooses the library system, by LIBRARY_SYSTEM. Nothing else imports a connector. */
import type { Database } from "@/db/connection";
import { env } from "@/lib/env";
import { type DemoDesk, makeDemoDesk } from "./demo/demo-desk";
import { makeDemoLibrary } from "./demo/demo-library";
import { loadDemoLibrary } from "./demo/demo-sample";
import { libraryDay } from "./library-day";
import type { LibrarySystem } from "./port";

export function chooseLibrarySystem(db: Database): LibrarySystem {
  switch (env().LIBRARY_SYSTEM) {
    case "demo":
      return makeDemoLibrary({ db, now: () => new Date(), today });
  }
}

/** The desk of the demo library; null with a system that has desks of its own. */
export function openDesk(db: Database): DemoDesk | null {
  const { LIBRARY_SYSTEM, LAST_BORROWER_DAYS } = env();
  if (LIBRARY_SYSTEM !== "demo") return null;
  return makeDemoDesk({ db, today, lastBorrowerDays: LAST_BORROWER_DAYS });
}

/** What a library system of our own needs before its first patron; nothing with any other. */
export async function prepareLibrarySystem(db: Database): Promise<void> {
  if (env().LIBRARY_SYSTEM === "demo") await loadDemoLibrary(db, today());
}

function today(): string {
  return libraryDay(new Date(), env().LIBRARY_TIME_ZONE);
}
