import { describe, expect, it } from "vitest";
import { secureRandom } from "../random-bytes";
import { checkpointWords } from "./checkpoint";
import { type Manifest, manifestHash, openManifest, sealManifest } from "./manifest";

const key = secureRandom(32);
const manifest: Manifest = {
  vaultId: "a",
  epoch: 1,
  sequence: 4,
  previousHash: secureRandom(32),
  birthday: "2026-02-01",
  intakePublicKey: secureRandom(32),
  slotsDigest: secureRandom(32),
  inboxTips: [secureRandom(32)],
  inboxGaps: 0,
  slots: [],
  chapters: [{ id: "c", revision: 2, hash: secureRandom(32), entries: 12 }],
};

describe("manifest", () => {
  it("opens to what was sealed, at its own number, vault and epoch only", () => {
    const blob = sealManifest(key, manifest, secureRandom);
    expect(openManifest(key, manifest, blob)).toEqual({ ok: true, manifest });
    for (const other of [{ sequence: 3 }, { sequence: 5 }, { vaultId: "b" }, { epoch: 2 }]) {
      expect(openManifest(key, { ...manifest, ...other }, blob)).toEqual({ ok: false, why: "damaged" });
    }
  });

  it("has the same size with one chapter as with twenty", () => {
    const chapter = {
      id: "3d594650-3436-4a5f-b0c5-2f1a3f1e9d10",
      revision: 1,
      hash: secureRandom(32),
      entries: 1,
    };
    const sized = (count: number) =>
      sealManifest(key, { ...manifest, chapters: Array.from({ length: count }, () => chapter) }, secureRandom)
        .length;
    expect(sized(1)).toBe(sized(20));
  });

  it("gives four words that change with every save", () => {
    const words = [1, 2, 3].map(() =>
      checkpointWords(manifestHash(sealManifest(key, manifest, secureRandom))).join(" "),
    );
    expect(new Set(words).size).toBe(3);
    expect(words[0]?.split(" ")).toHaveLength(4);
  });
});
