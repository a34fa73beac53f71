import { describe, expect, it } from "vitest";
import { evaluateBlinded, newOprfKey } from "../oprf-server";
import { secureRandom } from "../random-bytes";
import type { Slot, SlotKind } from "../vault-contents";
import { blindStretched, passphraseKey } from "./passphrase";
import { newRootKey } from "./root-key";
import { openSlot, readSlot, type SlotPlace, sealSlot, slotsDigest } from "./slot";

const rootKey = newRootKey(secureRandom);
const slotKey = secureRandom(32);
const none = new Uint8Array(0);
const place: SlotPlace = { vaultId: "a", epoch: 1, slotId: "s" };

const slotAt = (where: SlotPlace, kind: SlotKind): Slot => ({
  id: where.slotId,
  kind,
  blob: sealSlot(kind, where, slotKey, kind === "recovery" ? none : secureRandom(16), rootKey, secureRandom),
});

describe("slot", () => {
  it("is refused after a flip in any byte but the salt's, which the key depends on", () => {
    const slot = slotAt(place, "passphrase");
    for (let at = 0; at < slot.blob.length; at += 1) {
      const blob = Uint8Array.from(slot.blob);
      blob[at] = (blob[at] ?? 0) ^ 4;
      const opened = openSlot({ ...slot, blob }, place, slotKey);
      const parts = readSlot({ ...slot, blob });
      if (at >= 1 && at <= 16)
        expect(parts.ok && parts.head.join() !== slot.blob.subarray(1, 17).join()).toBe(true);
      else expect(opened.ok).toBe(false);
    }
    for (let length = 0; length < slot.blob.length; length += 1) {
      expect(openSlot({ ...slot, blob: slot.blob.subarray(0, length) }, place, slotKey).ok).toBe(false);
    }
  });

  it("of an unknown version is refused before anything is stretched or asked", () => {
    const slot = slotAt(place, "passphrase");
    for (const version of [0, 2, 255]) {
      const blob = Uint8Array.from(slot.blob);
      blob[0] = version;
      expect(readSlot({ ...slot, blob })).toEqual({ ok: false, why: "unknown-version" });
    }
  });

  it("has a digest that changes with every slot, and not with their order", () => {
    const [a, b] = [slotAt(place, "passphrase"), slotAt({ ...place, slotId: "t" }, "recovery")];
    expect(slotsDigest([a, b])).toEqual(slotsDigest([b, a]));
    const others = [[a], [b], [a, { ...b, kind: "passphrase" as const }], [a, { ...b, blob: a.blob }], []];
    for (const other of others) expect(slotsDigest(other)).not.toEqual(slotsDigest([a, b]));
  });
});

describe("passphrase key", () => {
  const stretched = secureRandom(32);

  it("is the same through any blinding, and the server never sees the same element twice", () => {
    const key = newOprfKey(secureRandom);
    const ask = () => {
      const { blind, blinded } = blindStretched(stretched, secureRandom);
      const answer = evaluateBlinded(key, blinded);
      if (!answer.ok) throw new Error("refused");
      return { blinded, slotKey: passphraseKey(stretched, blind, answer.evaluated, place) };
    };
    const [first, second] = [ask(), ask()];
    expect(first.slotKey).toEqual(second.slotKey);
    expect(first.blinded).not.toEqual(second.blinded);
  });

  it("differs under another OPRF key, passphrase, vault, epoch and slot", () => {
    const keys = [newOprfKey(secureRandom), newOprfKey(secureRandom)] as const;
    const made = (key: (typeof keys)[number], input: Uint8Array, where: SlotPlace) => {
      const { blind, blinded } = blindStretched(input, secureRandom);
      const answer = evaluateBlinded(key, blinded);
      return answer.ok ? passphraseKey(input, blind, answer.evaluated, where)?.join() : undefined;
    };
    const all = [
      made(keys[0], stretched, place),
      made(keys[1], stretched, place),
      made(keys[0], secureRandom(32), place),
      made(keys[0], stretched, { ...place, vaultId: "b" }),
      made(keys[0], stretched, { ...place, epoch: 2 }),
      made(keys[0], stretched, { ...place, slotId: "t" }),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(all).not.toContain(undefined);
  });

  it("is null when the server's answer is no group element", () => {
    const { blind } = blindStretched(stretched, secureRandom);
    for (const bad of [new Uint8Array(32), new Uint8Array(3), new Uint8Array(32).fill(255)]) {
      expect(passphraseKey(stretched, blind, bad, place)).toBeNull();
    }
  });
});
