import { describe, expect, it } from "vitest";
import { secureRandom } from "../random-bytes";
import { sealBlob } from "../sealed-blob";
import type { Slot, SlotKind } from "../vault-contents";
import { openManifest } from "./manifest";
import { newSlotNote, noteOf, notesFor, readSlotNote, waysOf, writeSlotNote } from "./slot-note";

const slotOf = (id: string, kind: SlotKind): Slot => ({ id, kind, blob: secureRandom(40) });
const passphrase = slotOf("a", "passphrase");
const recovery = slotOf("b", "recovery");
const passkeys = [slotOf("d", "passkey"), slotOf("c", "passkey")] as const;

describe("slot notes", () => {
  it("are read as they were written", () => {
    const note = { ...newSlotNote(recovery, "2026-03-01", "Name"), usedOn: "2026-03-02" };
    expect(readSlotNote(JSON.parse(JSON.stringify(writeSlotNote(note))))).toEqual(note);
  });

  it("keep of a name one line of at most 60 characters, and of an empty one nothing", () => {
    const nameOf = (name: string) => newSlotNote(recovery, "2026-03-01", name).name;
    expect(nameOf("  My\n phone ")).toBe("My phone");
    expect(nameOf(" \t ")).toBeNull();
    expect([...(nameOf("📱".repeat(80)) ?? "")]).toHaveLength(60);
  });

  it("belong to the very blob: another slot under the same id has none", () => {
    const note = newSlotNote(recovery, "2026-03-01");
    expect(noteOf(recovery, [note])).toEqual(note);
    expect(noteOf({ ...recovery, blob: secureRandom(40) }, [note])).toBeNull();
  });

  it("note a use, and give a slot that has none one with days not known", () => {
    const known = newSlotNote(passphrase, "2026-03-01");
    const notes = notesFor([passphrase, recovery], [known], { slotId: "b", day: "2026-03-05" });
    expect(notes).toMatchObject([
      { id: "a", madeOn: "2026-03-01", usedOn: null },
      { id: "b", madeOn: null, usedOn: "2026-03-05" },
    ]);
  });

  it("list passphrase, recovery code, then passkeys, the older first", () => {
    const notes = [newSlotNote(passkeys[0], "2026-03-01", "Old"), newSlotNote(passkeys[1], "2026-03-02")];
    const ways = waysOf([...passkeys.toReversed(), recovery, passphrase], notes);
    expect(ways.map(({ slotId }) => slotId)).toEqual(["a", "b", "d", "c"]);
    expect(ways[2]).toMatchObject({ name: "Old", madeOn: "2026-03-01", usedOn: null });
    expect(ways[0]).toMatchObject({ name: null, madeOn: null, usedOn: null });
  });

  it("are absent from an older manifest, which opens without them", () => {
    const key = secureRandom(32);
    const hash = "A".repeat(43);
    const json = new TextEncoder().encode(
      JSON.stringify({
        version: 1,
        vaultId: "v",
        epoch: 1,
        sequence: 7,
        previousHash: hash,
        birthday: "2026-02-01",
        intakePublicKey: hash,
        slotsDigest: hash,
        inboxTips: [],
        inboxGaps: 0,
        entries: 0,
        chapters: [],
      }),
    );
    const plaintext = new Uint8Array(4096);
    new DataView(plaintext.buffer).setUint32(0, json.length);
    plaintext.set(json, 4);
    const where = { kind: "manifest", vaultId: "v", epoch: 1, objectId: "manifest", revision: 7 };
    const blob = sealBlob(key, where, plaintext, secureRandom);
    const opened = openManifest(key, { vaultId: "v", epoch: 1, sequence: 7 }, blob);
    expect(opened).toMatchObject({ ok: true, manifest: { slots: [] } });
  });
});
