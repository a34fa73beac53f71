import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secureRandom } from "./random-bytes";
import { type BlobPlace, blobOverheadBytes, openBlob, sealBlob } from "./sealed-blob";
import { VaultFault } from "./vault-fault";

const key = secureRandom(32);
const place: BlobPlace = { kind: "chapter", vaultId: "vault-a", epoch: 1, objectId: "one", revision: 3 };

describe("sealed blob", () => {
  it("opens to what was sealed, 73 bytes shorter", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const blob = sealBlob(key, place, bytes, secureRandom);
        expect(blob.length).toBe(bytes.length + blobOverheadBytes);
        expect(openBlob(key, place, blob)).toEqual({ ok: true, bytes });
      }),
    );
    expect(blobOverheadBytes).toBe(73);
  });

  it("is refused after a flip of any bit, without saying which", () => {
    const blob = sealBlob(key, place, secureRandom(40), secureRandom);
    for (let bit = 0; bit < blob.length * 8; bit += 1) {
      const flipped = Uint8Array.from(blob);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const why = bit < 8 ? "unknown-version" : "damaged";
      expect(openBlob(key, place, flipped)).toEqual({ ok: false, why });
    }
  });

  it("is refused when cut or lengthened", () => {
    const blob = sealBlob(key, place, secureRandom(40), secureRandom);
    for (let length = 0; length < blob.length; length += 1) {
      expect(openBlob(key, place, blob.subarray(0, length))).toEqual({ ok: false, why: "damaged" });
    }
    expect(openBlob(key, place, Uint8Array.of(...blob, 0)).ok).toBe(false);
  });

  it("opens in no other place and under no other key", () => {
    const bytes = secureRandom(8);
    const places: BlobPlace[] = [
      place,
      { ...place, kind: "manifest" },
      { ...place, vaultId: "vault-b" },
      { ...place, epoch: 2 },
      { ...place, objectId: "two" },
      { ...place, revision: 4 },
      // Fields shifted into each other must not meet either.
      { ...place, vaultId: "vault-", objectId: "aone" },
    ];
    const blobs = places.map((one) => sealBlob(key, one, bytes, secureRandom));
    for (const [at, blob] of blobs.entries()) {
      for (const [other, where] of places.entries()) {
        expect(openBlob(key, where, blob).ok).toBe(at === other);
      }
    }
    expect(openBlob(secureRandom(32), place, sealBlob(key, place, bytes, secureRandom)).ok).toBe(false);
  });

  it("cannot be made to open under two keys: the commitment is checked before the cipher", () => {
    const blob = sealBlob(key, place, secureRandom(8), secureRandom);
    const other = sealBlob(secureRandom(32), place, secureRandom(8), secureRandom);
    const mixed = Uint8Array.from(blob);
    mixed.set(other.subarray(25, 57), 25);
    expect(openBlob(key, place, mixed)).toEqual({ ok: false, why: "damaged" });
  });

  it("refuses a version that it does not know before it looks at anything else", () => {
    const blob = sealBlob(key, place, secureRandom(8), secureRandom);
    for (const version of [0, 2, 255]) {
      const later = Uint8Array.from(blob);
      later[0] = version;
      expect(openBlob(key, place, later)).toEqual({ ok: false, why: "unknown-version" });
    }
  });

  it("is never sealed under an overwritten or short key", () => {
    expect(() => sealBlob(new Uint8Array(32), place, secureRandom(8), secureRandom)).toThrow(VaultFault);
    expect(() => sealBlob(secureRandom(31), place, secureRandom(8), secureRandom)).toThrow(VaultFault);
  });
});
