import { describe, expect, it } from "vitest";
import { chainHash, genesisHash } from "../inbox-chain";
import { secureRandom } from "../random-bytes";
import { sealEntry } from "../seal-entry";
import { newSigningKey, signingPublicKey } from "../signature";
import type { InboxRow } from "../vault-contents";
import { readInbox } from "./inbox-reading";
import { entryReader } from "./open-entry";
import { deriveVaultKeys, newRootKey } from "./root-key";

const vaultId = "3d594650-3436-4a5f-b0c5-2f1a3f1e9d10";
const intakeKey = newSigningKey(secureRandom);
const keys = await deriveVaultKeys(newRootKey(secureRandom), vaultId, 1);
const reader = entryReader(keys.identity, vaultId, signingPublicKey(intakeKey));
const genesis = genesisHash(vaultId, 1);

async function sealChain(count: number): Promise<InboxRow[]> {
  const rows: InboxRow[] = [];
  let previous = genesis;
  for (let number = 0; number < count; number += 1) {
    const details = { recordId: null, title: `Title ${number}`, author: null, isbn: null, format: null };
    const dates = { event: "checkout" as const, day: "2026-02-01", due: null };
    const ids = { vaultId, entryId: `entry-${number}`, previous };
    const entry = { ...ids, ...dates, ...details, callNumber: null, subjects: [] };
    const sealed = await sealEntry(entry, keys.recipient, intakeKey);
    previous = chainHash(sealed);
    rows.push({ id: `row-${number}`, sealed });
  }
  return rows;
}

const rows = await sealChain(6);
const at = (...numbers: number[]) => numbers.flatMap((number) => rows[number] ?? []);
const hashOf = (number: number) => at(number).map((row) => chainHash(row.sealed));

describe("reading an inbox", () => {
  it("follows the chain in whatever order the rows come", async () => {
    const reading = await readInbox(at(3, 0, 2, 1), reader, [genesis], new Map());
    expect(reading).toMatchObject({ unreadable: 0, gaps: 0, tips: hashOf(3) });
    expect(reading.openedIds).toHaveLength(4);
    const next = await readInbox(at(5, 4), reader, reading.tips, new Map());
    expect(next).toMatchObject({ gaps: 0, tips: hashOf(5) });
  });

  it("notices a missing entry, at the start and in the middle", async () => {
    expect(await readInbox(at(1, 2), reader, [genesis], new Map())).toMatchObject({ gaps: 1 });
    expect(await readInbox(at(0, 1, 3, 4), reader, [genesis], new Map())).toMatchObject({ gaps: 1 });
    expect(await readInbox(at(0, 2, 4), reader, [genesis], new Map())).toMatchObject({ gaps: 2 });
  });

  it("after a gap, the entries that follow are not called missing again", async () => {
    const reading = await readInbox(at(0, 1, 3), reader, [genesis], new Map());
    expect(await readInbox(at(4), reader, reading.tips, new Map())).toMatchObject({ gaps: 0 });
  });

  it("counts a row that does not open, keeps it out of the opened, and follows the chain past it", async () => {
    const [first, second, third] = at(0, 1, 2);
    if (first === undefined || second === undefined || third === undefined) throw new Error("three rows");
    const forged = { id: "forged", sealed: secureRandom(2683) };
    const reading = await readInbox([first, forged, second, third], reader, [genesis], new Map());
    expect(reading).toMatchObject({ unreadable: 1, gaps: 0, tips: hashOf(2) });
    expect(reading.openedIds).not.toContain("forged");
  });

  it("opens a row once in a session", async () => {
    const openedRows = new Map();
    await readInbox(at(0, 1), reader, [genesis], openedRows);
    expect(openedRows.size).toBe(2);
    const blind = entryReader(keys.identity, "other vault", signingPublicKey(intakeKey));
    expect(await readInbox(at(0, 1), blind, [genesis], openedRows)).toMatchObject({ unreadable: 0 });
  });
});
