import { describe, expect, it } from "vitest";
import { secureRandom } from "./random-bytes";
import { newSigningKey, sign, signingPublicKey } from "./signature";
import type { Slot, SlotChange, VaultCommit, VaultCreation } from "./vault-contents";
import { commitMessage, creationMessage, refillMessage, slotChangeMessage, verifyWrite } from "./vault-write";

const key = newSigningKey(secureRandom);
const publicKey = signingPublicKey(key);
const bytes = (value: number) => new Uint8Array(4).fill(value);

const creation: Omit<VaultCreation, "signature"> = {
  vaultId: "v",
  epoch: 1,
  recipient: "age1pq1x",
  signPublicKey: publicKey,
  slots: [
    { id: "s1", kind: "passphrase", blob: bytes(1) },
    { id: "s2", kind: "recovery", blob: bytes(2) },
  ],
  oprfTicket: bytes(3),
  manifest: bytes(4),
};
const commit: Omit<VaultCommit, "signature"> = {
  vaultId: "v",
  epoch: 1,
  previousSequence: 3,
  manifest: bytes(1),
  chapters: [{ id: "c", revision: 2, blob: bytes(2) }],
  droppedChapterIds: ["d"],
  openedInboxIds: ["i", "j"],
};
const slot: Slot = { id: "s3", kind: "passphrase", blob: bytes(2) };
const change: Omit<SlotChange, "signature"> = {
  vaultId: "v",
  epoch: 1,
  previousSequence: 3,
  manifest: bytes(1),
  slot,
  keptSlotIds: ["s2", "s4"],
  oprfTicket: bytes(3),
};

describe("signed writes", () => {
  it("a creation is bound in every part", () => {
    const signature = sign(key, creationMessage(creation));
    expect(verifyWrite(publicKey, creationMessage(creation), signature)).toBe(true);
    const [first, second] = creation.slots;
    if (first === undefined || second === undefined) throw new Error("two slots");
    const others: Omit<VaultCreation, "signature">[] = [
      { ...creation, vaultId: "w" },
      { ...creation, epoch: 2 },
      { ...creation, recipient: "age1pq1y" },
      { ...creation, signPublicKey: bytes(9) },
      { ...creation, slots: [first] },
      { ...creation, slots: [second, first] },
      { ...creation, slots: [{ ...first, blob: bytes(9) }, second] },
      { ...creation, slots: [{ ...first, id: "s3" }, second] },
      { ...creation, slots: [{ ...first, kind: "recovery" }, second] },
      { ...creation, oprfTicket: bytes(9) },
      { ...creation, manifest: bytes(9) },
    ];
    for (const other of others) expect(verifyWrite(publicKey, creationMessage(other), signature)).toBe(false);
  });

  it("a commit is bound in every part, and members cannot move between its lists", () => {
    const signature = sign(key, commitMessage(commit));
    expect(verifyWrite(publicKey, commitMessage(commit), signature)).toBe(true);
    const others: Omit<VaultCommit, "signature">[] = [
      { ...commit, vaultId: "w" },
      { ...commit, epoch: 2 },
      { ...commit, previousSequence: 4 },
      { ...commit, manifest: bytes(9) },
      { ...commit, chapters: [] },
      { ...commit, chapters: [{ id: "c", revision: 3, blob: bytes(2) }] },
      { ...commit, chapters: [{ id: "e", revision: 2, blob: bytes(2) }] },
      { ...commit, chapters: [{ id: "c", revision: 2, blob: bytes(9) }] },
      { ...commit, droppedChapterIds: [] },
      { ...commit, droppedChapterIds: ["d", "i"], openedInboxIds: ["j"] },
      { ...commit, openedInboxIds: ["i"] },
      { ...commit, openedInboxIds: ["j", "i"] },
    ];
    for (const other of others) expect(verifyWrite(publicKey, commitMessage(other), signature)).toBe(false);
  });

  it("a change of slots is bound in every part", () => {
    const signature = sign(key, slotChangeMessage(change));
    expect(verifyWrite(publicKey, slotChangeMessage(change), signature)).toBe(true);
    const others: Omit<SlotChange, "signature">[] = [
      { ...change, vaultId: "w" },
      { ...change, epoch: 2 },
      { ...change, previousSequence: 4 },
      { ...change, manifest: bytes(9) },
      { ...change, slot: { ...slot, id: "s5" } },
      { ...change, slot: { ...slot, kind: "recovery" } },
      { ...change, slot: { ...slot, blob: bytes(9) } },
      { ...change, slot: null },
      { ...change, slot: null, keptSlotIds: ["s2", "s4", slot.id] },
      { ...change, keptSlotIds: ["s2"] },
      { ...change, keptSlotIds: ["s4", "s2"] },
      { ...change, keptSlotIds: ["s2", "s4", "s6"] },
      { ...change, oprfTicket: bytes(9) },
      { ...change, oprfTicket: null },
    ];
    for (const other of others)
      expect(verifyWrite(publicKey, slotChangeMessage(other), signature)).toBe(false);
  });

  it("a refill is bound to its vault, epoch and nonce", () => {
    const signature = sign(key, refillMessage("v", 1, bytes(1)));
    expect(verifyWrite(publicKey, refillMessage("v", 1, bytes(1)), signature)).toBe(true);
    expect(verifyWrite(publicKey, refillMessage("v", 1, bytes(2)), signature)).toBe(false);
    expect(verifyWrite(publicKey, refillMessage("v", 2, bytes(1)), signature)).toBe(false);
    expect(verifyWrite(publicKey, refillMessage("w", 1, bytes(1)), signature)).toBe(false);
  });

  it("malformed keys and signatures are not signatures, and throw nothing", () => {
    const message = refillMessage("v", 1, bytes(1));
    for (const size of [0, 31, 63, 65])
      expect(verifyWrite(publicKey, message, new Uint8Array(size))).toBe(false);
    expect(verifyWrite(new Uint8Array(31), message, sign(key, message))).toBe(false);
    expect(verifyWrite(new Uint8Array(32).fill(255), message, sign(key, message))).toBe(false);
    // The identity as public key would verify a forged signature under lax rules.
    const identity = new Uint8Array(32);
    identity[0] = 1;
    const forged = new Uint8Array(64);
    forged[0] = 1;
    expect(verifyWrite(identity, message, forged)).toBe(false);
  });
});
