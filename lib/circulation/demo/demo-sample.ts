/** Fills an empty demo library: three cards with the PIN 1234, a few loans, holds and one fine. */
import type { Database } from "@/db/connection";
import { hasDemoPatrons, insertDemoSample, readSampleItems } from "@/db/demo-library-sample";
import { addDays } from "../library-day";
import { fineCents } from "./lending-rules";
import { hashPin } from "./pin-hash";

export const demoCards = ["23529000000001", "23529000000002", "23529000000003"] as const;
export const demoPin = "1234";

/**
 * Does nothing when the demo library has patrons. The catalogue should be loaded first: without items there are no loans.
 * The third card has none in any case, so that a reading history can be tried from its beginning.
 */
export async function loadDemoLibrary(db: Database, today: string): Promise<void> {
  if (await hasDemoPatrons(db)) return;
  const [first, second, third] = demoCards;
  const names = new Map([first, second, third].map((card, index) => [card, `Demo patron ${index + 1}`]));
  const patrons = await Promise.all(
    [...names].map(async ([card, name]) => ({ card, name, pinHash: await hashPin(demoPin) })),
  );
  const [a, b, c, d, e, f] = await readSampleItems(db, 6);
  if (!a || !b || !c || !d || !e || !f) {
    await insertDemoSample(db, { patrons, loans: [], holds: [] });
    return;
  }
  const day = (offset: number) => addDays(today, offset);
  await insertDemoSample(db, {
    patrons,
    loans: [
      { card: first, barcode: a.barcode, outOn: day(-9), dueOn: day(12) },
      { card: first, barcode: b.barcode, outOn: day(-24), dueOn: day(-3) },
      { card: second, barcode: c.barcode, outOn: day(-2), dueOn: day(19) },
      {
        card: second,
        barcode: d.barcode,
        outOn: day(-30),
        dueOn: day(-9),
        returnedOn: day(-5),
        fineCents: fineCents(day(-9), day(-5)),
      },
    ],
    holds: [
      { card: first, recordId: e.recordId, placedOn: day(-12), readyOn: day(-1) },
      { card: first, recordId: c.recordId, placedOn: day(-1) },
      { card: second, recordId: f.recordId, placedOn: day(-4) },
    ],
  });
}
