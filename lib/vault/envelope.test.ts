import { describe, expect, it } from "vitest";
import { envelopeOpen, envelopeSeal, masterKeyFrom, newShredKey, unwrapKey, wrapKey } from "./envelope";
import { entryId, entryKeyOf, loanMark } from "./loan-mark";
import { patronHandle } from "./patron-handle";
import { secureRandom } from "./random-bytes";

describe("envelope", () => {
  it("a key wrapped by the master opens for its vault, id and generation, and for no other", () => {
    const master = masterKeyFrom(secureRandom(32));
    const key = secureRandom(32);
    const place = { generation: 7, vaultId: "a", keyId: "shred" };
    const wrapped = wrapKey(master, place, key, secureRandom);
    expect(unwrapKey(master, place, wrapped)).toEqual({ ok: true, bytes: key });
    for (const other of [
      { ...place, generation: 8 },
      { ...place, vaultId: "b" },
      { ...place, keyId: "slot" },
    ]) {
      expect(unwrapKey(master, other, wrapped)).toEqual({ ok: false, why: "damaged" });
    }
    expect(unwrapKey(masterKeyFrom(secureRandom(32)), place, wrapped).ok).toBe(false);
  });

  it("a row opens for its kind, vault and id, and not once its shred key is gone", () => {
    const shredKey = newShredKey(secureRandom);
    const bytes = secureRandom(100);
    const place = { kind: "chapter", vaultId: "a", rowId: "r" };
    const sealed = envelopeSeal(shredKey, place, bytes, secureRandom);
    expect(envelopeOpen(shredKey, place, sealed)).toEqual({ ok: true, bytes });
    for (const other of [
      { ...place, kind: "inbox" },
      { ...place, vaultId: "b" },
      { ...place, rowId: "s" },
    ]) {
      expect(envelopeOpen(shredKey, other, sealed).ok).toBe(false);
    }
    expect(envelopeOpen(newShredKey(secureRandom), place, sealed).ok).toBe(false);
  });
});

describe("keyed hashes", () => {
  it("one loan has one entry id in one vault, and another in the next", () => {
    const shredKey = newShredKey(secureRandom);
    const [a, b] = [entryKeyOf(shredKey, "a"), entryKeyOf(shredKey, "b")];
    expect(entryId(a, "loan 1")).toBe(entryId(a, "loan 1"));
    expect(entryId(a, "loan 1")).toMatch(/^[\w-]{22}$/);
    expect(new Set([entryId(a, "loan 1"), entryId(a, "loan 2"), entryId(b, "loan 1")]).size).toBe(3);
  });

  it("marks and handles differ by key and by input", () => {
    const [k, l] = [secureRandom(32), secureRandom(32)];
    for (const hash of [loanMark, patronHandle]) {
      expect(hash(k, "1")).toHaveLength(32);
      expect(hash(k, "1")).toEqual(hash(k, "1"));
      expect(hash(k, "1")).not.toEqual(hash(l, "1"));
      expect(hash(k, "1")).not.toEqual(hash(k, "2"));
    }
    expect(loanMark(k, "1")).not.toEqual(patronHandle(k, "1"));
  });
});
