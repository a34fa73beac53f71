import { Decrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonTextBytes } from "./cut-text";
import { type LoanEntry, writeLoanEntry } from "./loan-entry";
import { entryReader, openEntry } from "./open/open-entry";
import { secureRandom } from "./random-bytes";
import { sealEntry } from "./seal-entry";
import { newSigningKey, signingPublicKey } from "./signature";
import { VaultFault } from "./vault-fault";

const vaultId = "3d594650-3436-4a5f-b0c5-2f1a3f1e9d10";
const intakeKey = newSigningKey(secureRandom);
let identity = "";
let recipient = "";

beforeAll(async () => {
  identity = await generateHybridIdentity();
  recipient = await identityToRecipient(identity);
});

const plain: LoanEntry = {
  vaultId,
  entryId: "abcdefghijklmnopqrstuv",
  event: "checkout",
  day: "2026-02-28",
  due: "2026-03-21",
  previous: new Uint8Array(32).fill(5),
  recordId: "1042",
  title: "Middlemarch",
  author: "Eliot, George",
  isbn: "9780141439549",
  format: "book",
  callNumber: "PR4662 .A1",
  subjects: ["City and town life — Fiction", "England — Fiction"],
};

const difficult = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary-ascii", maxLength: 2000 }),
  // Lone surrogates, astral characters, right-to-left, combining marks, control characters, joined families, long runs.
  fc
    .array(
      fc.constantFrom(
        "\ud800",
        "\udfff",
        "😀",
        "👩‍👩‍👧‍👦",
        "שלום",
        "\u202e",
        "e\u0301\u0323",
        "\u0000",
        "\\",
        '"',
        "漢字",
        "x".repeat(400),
      ),
      { maxLength: 300 },
    )
    .map((parts) => parts.join("")),
);
const anyLoan: fc.Arbitrary<LoanEntry> = fc.record({
  vaultId: fc.constant(vaultId),
  entryId: fc.constant(plain.entryId),
  event: fc.constantFrom("checkout", "renewal", "return"),
  day: fc.constant("2026-02-28"),
  due: fc.option(fc.constant("2026-03-21")),
  previous: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  recordId: fc.option(difficult),
  title: fc.option(difficult),
  author: fc.option(difficult),
  isbn: fc.option(difficult),
  format: fc.option(difficult),
  callNumber: fc.option(difficult),
  subjects: fc.array(difficult, { maxLength: 50 }),
});

describe("loan entry", () => {
  it("every plaintext is 1,024 bytes, whatever the loan, and still readable", () => {
    fc.assert(
      fc.property(anyLoan, (loan) => {
        const bytes = writeLoanEntry(loan, intakeKey);
        expect(bytes).toHaveLength(1024);
        const length = new DataView(bytes.buffer).getUint32(0);
        const json = JSON.parse(
          new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(4, 4 + length)),
        );
        expect(json.vaultId).toBe(vaultId);
        expect(bytes.subarray(4 + length, 960).every((byte) => byte === 0)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it("shortens every long field a little, rather than one to nothing", () => {
    const long = "ü".repeat(5000);
    const loan = { ...plain, title: long, author: long, callNumber: long, subjects: [long, "Later"] };
    const bytes = writeLoanEntry(loan, intakeKey);
    const length = new DataView(bytes.buffer).getUint32(0);
    const json = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    for (const [field, least] of [
      ["title", 190],
      ["author", 85],
      ["callNumber", 55],
    ] as const) {
      expect(json[field]).toMatch(/^ü+…$/);
      expect(jsonTextBytes(json[field])).toBeGreaterThan(least);
    }
    expect(json.subjects[0]).toMatch(/^ü+…$/);
    expect(json.isbn).toBe(plain.isbn);
    expect(json.recordId).toBe(plain.recordId);
    expect(length).toBeGreaterThan(940);
  });

  it("cuts no character in two, and no identifier at all", () => {
    const family = "👩‍👩‍👧‍👦";
    const bytes = writeLoanEntry(
      { ...plain, title: family.repeat(100), recordId: "9".repeat(130) },
      intakeKey,
    );
    const length = new DataView(bytes.buffer).getUint32(0);
    const json = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    expect(json.title.replaceAll(family, "")).toBe("…");
    expect(json.recordId).toBeUndefined();
  });

  it("refuses ids that are longer than their format", () => {
    expect(() => writeLoanEntry({ ...plain, vaultId: "x".repeat(900) }, intakeKey)).toThrow(VaultFault);
    expect(() => writeLoanEntry({ ...plain, previous: new Uint8Array(31) }, intakeKey)).toThrow(VaultFault);
  });
});

describe("sealed entry", () => {
  it("every row is equally long, whatever the loan, and opens to what was sealed", async () => {
    const reader = entryReader(identity, vaultId, signingPublicKey(intakeKey));
    await fc.assert(
      fc.asyncProperty(anyLoan, async (loan) => {
        const sealed = await sealEntry(loan, recipient, intakeKey);
        expect(sealed).toHaveLength(2683);
        const opened = await openEntry(reader, sealed);
        if (!opened.ok) throw new Error(opened.why);
        expect(opened.entry).toMatchObject({ event: loan.event, due: loan.due, previous: loan.previous });
      }),
      { numRuns: 60 },
    );
    const sealed = await sealEntry(plain, recipient, intakeKey);
    expect(await openEntry(reader, sealed)).toEqual({ ok: true, entry: plain });
  });

  it("opens with the plain age Decrypter, given the identity as text", async () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const text = await decrypter.decrypt(await sealEntry(plain, recipient, intakeKey), "text");
    expect(text).toContain('"title":"Middlemarch"');
  });

  it("cannot be opened with another patron's identity", async () => {
    const reader = entryReader(await generateHybridIdentity(), vaultId, signingPublicKey(intakeKey));
    const sealed = await sealEntry(plain, recipient, intakeKey);
    expect(await openEntry(reader, sealed)).toEqual({ ok: false, why: "damaged" });
  });

  it("is refused when someone other than the library sealed it, or sealed it for another vault", async () => {
    const reader = entryReader(identity, vaultId, signingPublicKey(intakeKey));
    const injected = await sealEntry(plain, recipient, newSigningKey(secureRandom));
    expect(await openEntry(reader, injected)).toEqual({ ok: false, why: "not-signed" });
    const foreign = { ...plain, vaultId: vaultId.replace("3", "4") };
    const moved = await sealEntry(foreign, recipient, intakeKey);
    expect(await openEntry(reader, moved)).toEqual({ ok: false, why: "other-vault" });
  });

  // Each try costs a decapsulation: of the long key share and the ciphertext, every third byte stands for its neighbours.
  it("is refused after a flip anywhere, and when cut anywhere", async () => {
    const reader = entryReader(identity, vaultId, signingPublicKey(intakeKey));
    const sealed = await sealEntry(plain, recipient, intakeKey);
    for (let at = 0; at < sealed.length; at += at < 80 || at > sealed.length - 40 ? 1 : 3) {
      const flipped = Uint8Array.from(sealed);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const result = await openEntry(reader, flipped);
      if (result.ok) throw new Error(`opened with byte ${at} flipped`);
    }
    for (let length = 0; length < sealed.length; length += 61) {
      expect((await openEntry(reader, sealed.subarray(0, length))).ok).toBe(false);
    }
  });

  it("is sealed to hybrid recipients only", async () => {
    for (const bad of ["", "age1pq1", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"]) {
      await expect(sealEntry(plain, bad, intakeKey)).rejects.toThrow(VaultFault);
    }
  });
});
