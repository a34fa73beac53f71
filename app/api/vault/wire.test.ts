import { expect, test } from "vitest";
import { guessWire } from "./wire";

const blinded = Buffer.alloc(32).toString("base64");

test("an id is a UUID in small letters, as the database gives it back", () => {
  const slotId = "6d1b4f0e-7c1e-4c58-9a51-2f6f3d0c9b7a";
  expect(guessWire.safeParse({ slotId, blinded }).success).toBe(true);
  expect(guessWire.safeParse({ slotId: slotId.toUpperCase(), blinded }).success).toBe(false);
});
