import { describe, expect, it } from "vitest";
import { envelopeOpen, envelopeSeal, masterKeyFrom, newShredKey, unwrapKey, wrapKey } from "../envelope";
import { passkeyHeadBytes } from "../passkey-question";
import { secureRandom } from "../random-bytes";
import { sealEntry } from "../seal-entry";
import { newSigningKey, signingPublicKey } from "../signature";
import { slotKinds } from "../vault-contents";
import { openChapter, sealChapter } from "./chapter";
import { openManifest, sealManifest } from "./manifest";
import { entryReader, openEntry } from "./open-entry";
import { deriveVaultKeys, newRootKey } from "./root-key";
import { openSlot, sealSlot } from "./slot";

/**
 * Everything is sealed under one and the same key, as the strongest thief would have it: nothing but its place tells one
 * thing from another. Each cell of a matrix puts what belongs to one place into another; only the diagonal may open.
 */
const key = secureRandom(32);
const vaults = ["3d594650-3436-4a5f-b0c5-2f1a3f1e9d10", "3d594650-3436-4a5f-b0c5-2f1a3f1e9d11"];
const epochs = [1, 2];
const ids = ["6d1b4f0e-7c1e-4c58-9a51-2f6f3d0c9b7a", "6d1b4f0e-7c1e-4c58-9a51-2f6f3d0c9b7b"];

/** Each with each. */
const cross = <A extends object, B extends object>(those: readonly A[], these: readonly B[]) =>
  those.flatMap((one) => these.map((other) => ({ ...one, ...other })));

const inVaults = vaults.map((vaultId) => ({ vaultId }));
const inEpochs = cross(
  inVaults,
  epochs.map((epoch) => ({ epoch })),
);

async function expectOnlyDiagonal<Place>(
  places: readonly Place[],
  seal: (place: Place) => Uint8Array | Promise<Uint8Array>,
  open: (place: Place, sealed: Uint8Array) => Promise<string> | string,
  refusal: (made: Place, asked: Place) => unknown = () => "damaged",
): Promise<void> {
  expect(places.length).toBeGreaterThan(3);
  const sealed = await Promise.all(places.map(seal));
  for (const [at, bytes] of sealed.entries()) {
    for (const [other, asked] of places.entries()) {
      const made = places[at];
      if (made === undefined) throw new Error("a place");
      const expected = at === other ? "opens" : refusal(made, asked);
      expect(
        await open(asked, bytes),
        `${JSON.stringify(made)} in place of ${JSON.stringify(asked)}`,
      ).toEqual(expected);
    }
  }
}

const outcomeOf = (opened: { ok: true } | { ok: false; why: string }) => (opened.ok ? "opens" : opened.why);

describe("what is put in the place of another does not open", () => {
  it("slots: vault × vault, epoch × epoch, slot × slot, passphrase × recovery code × passkey", async () => {
    const heads = { passphrase: 16, recovery: 0, passkey: passkeyHeadBytes };
    const places = cross(
      cross(
        inEpochs,
        ids.map((slotId) => ({ slotId })),
      ),
      slotKinds.map((kind) => ({ kind })),
    );
    const rootKey = newRootKey(secureRandom);
    await expectOnlyDiagonal(
      places,
      ({ kind, ...place }) => sealSlot(kind, place, key, secureRandom(heads[kind]), rootKey, secureRandom),
      ({ kind, ...place }, blob) => outcomeOf(openSlot({ id: place.slotId, kind, blob }, place, key)),
      // The layouts differ in length, so another kind's blob begins somewhere else, by chance with any version byte.
      (made, asked) =>
        made.kind === asked.kind ? "damaged" : expect.stringMatching(/^(damaged|unknown-version)$/),
    );
  });

  it("chapters: by vault, epoch, id and revision", async () => {
    const places = cross(
      cross(
        inEpochs,
        ids.map((chapterId) => ({ chapterId })),
      ),
      [{ revision: 1 }, { revision: 2 }],
    );
    await expectOnlyDiagonal(
      places,
      (place) => sealChapter(key, place, { entries: [], removed: [] }, secureRandom),
      async (place, blob) => outcomeOf(await openChapter(key, place, blob)),
    );
  });

  it("manifests: by vault, epoch and sequence number", async () => {
    const rest = {
      previousHash: secureRandom(32),
      birthday: "2026-02-01",
      intakePublicKey: secureRandom(32),
      slotsDigest: secureRandom(32),
      slots: [],
      inboxTips: [],
      inboxGaps: 0,
      chapters: [],
    };
    await expectOnlyDiagonal(
      cross(inEpochs, [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }]),
      (place) => sealManifest(key, { ...rest, ...place }, secureRandom),
      (place, blob) => outcomeOf(openManifest(key, place, blob)),
    );
  });

  it("inbox rows: by vault and epoch, each with keys of its own from one root key", async () => {
    const intakeKey = newSigningKey(secureRandom);
    const rootKey = newRootKey(secureRandom);
    const about = { recordId: null, title: "It", author: null, isbn: null, format: null, callNumber: null };
    const dates = { event: "checkout" as const, day: "2026-02-01", due: null, previous: secureRandom(32) };
    const entry = { ...about, ...dates, subjects: [], entryId: "one" };
    const keysOf = ({ vaultId, epoch }: { vaultId: string; epoch: number }) =>
      deriveVaultKeys(rootKey, vaultId, epoch);
    const places = inEpochs;
    await expectOnlyDiagonal(
      places,
      async (place) =>
        sealEntry({ ...entry, vaultId: place.vaultId }, (await keysOf(place)).recipient, intakeKey),
      async (place, sealed) => {
        const { identity } = await keysOf(place);
        return outcomeOf(
          await openEntry(entryReader(identity, place.vaultId, signingPublicKey(intakeKey)), sealed),
        );
      },
    );
    const { identity, recipient } = await keysOf({ vaultId: vaults[0] ?? "", epoch: 1 });
    // Sealed to the right reader, by the library itself, and yet about another vault.
    const reader = entryReader(identity, vaults[0] ?? "", signingPublicKey(intakeKey));
    const misplaced = await sealEntry({ ...entry, vaultId: vaults[1] ?? "" }, recipient, intakeKey);
    expect(await openEntry(reader, misplaced)).toEqual({ ok: false, why: "other-vault" });
    const forged = await sealEntry(
      { ...entry, vaultId: vaults[0] ?? "" },
      recipient,
      newSigningKey(secureRandom),
    );
    expect(await openEntry(reader, forged)).toEqual({ ok: false, why: "not-signed" });
  });

  it("rows under the envelope: by vault, row and kind", async () => {
    const shredKey = newShredKey(secureRandom);
    await expectOnlyDiagonal(
      cross(
        cross(
          inVaults,
          ids.map((rowId) => ({ rowId })),
        ),
        ["slot", "chapter", "manifest", "head", "inbox"].map((kind) => ({ kind })),
      ),
      (place) => envelopeSeal(shredKey, place, secureRandom(40), secureRandom),
      (place, sealed) => outcomeOf(envelopeOpen(shredKey, place, sealed)),
    );
  });

  it("keys under the master: by vault, key and generation", async () => {
    const master = masterKeyFrom(secureRandom(32));
    await expectOnlyDiagonal(
      cross(
        cross(
          inVaults,
          ["shred", ...ids].map((keyId) => ({ keyId })),
        ),
        [{ generation: 7 }, { generation: 8 }],
      ),
      (place) => wrapKey(master, place, secureRandom(32), secureRandom),
      (place, wrapped) => outcomeOf(unwrapKey(master, place, wrapped)),
    );
  });
});
