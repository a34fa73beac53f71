/** How a vault's bytes are written in HTTP bodies: one schema for the server, which parses it, and the browser's worker, which writes it. */
import { z } from "zod";
import { fromB64, toB64 } from "@/lib/vault/base64";
import { slotKinds } from "@/lib/vault/vault-contents";

const bytes = (maxBytes: number) =>
  z.codec(
    z
      .string()
      .max(Math.ceil(maxBytes / 3) * 4)
      .meta({ contentEncoding: "base64" }),
    z.instanceof(Uint8Array<ArrayBufferLike>),
    {
      decode: (text, context) => {
        const decoded = fromB64(text);
        if (decoded) return decoded;
        context.issues.push({ code: "custom", message: "not base64", input: text });
        return z.NEVER;
      },
      encode: (value) => toB64(value),
    },
  );

const kibibyte = 1024;
/** In small letters, as the database gives it back: what is sealed to its place names it by these very characters. */
const id = z.uuid().lowercase();
const signature = bytes(64);
const publicKey = bytes(32);
const groupElement = bytes(32);
const manifest = bytes(512 * kibibyte);

const slot = z.object({ id, kind: z.enum(slotKinds), blob: bytes(2 * kibibyte) }).strict();
const chapter = z
  .object({
    id,
    revision: z
      .int()
      .min(1)
      .max(2 ** 32 - 1),
    blob: bytes(2048 * kibibyte),
  })
  .strict();
const inboxRow = z.object({ id, sealed: bytes(4 * kibibyte) }).strict();

const sealedVault = z
  .object({
    vaultId: id,
    epoch: z.int().min(1),
    recipient: z.string(),
    signPublicKey: publicKey,
    intakePublicKey: publicKey,
    sequence: z.int().min(1),
    manifest,
    slots: z.array(slot),
    chapters: z.array(chapter),
    inbox: z.array(inboxRow),
  })
  .strict()
  .nullable();

export const snapshotWire = z.object({ vault: sealedVault }).strict();

export const knownWire = z
  .object({
    vaultId: id,
    chapters: z.array(z.object({ id, sha256: bytes(32) }).strict()).max(1000),
  })
  .strict();
/** `unchanged` names the known chapters that are not sent again. */
export const changesWire = z.object({ vault: sealedVault, unchanged: z.array(id) }).strict();

const day = z.iso.date();
const toldDay = day.nullable();
const toldText = z.string().nullable();

/** What is out to the patron now: read from the library system for this answer alone. */
export const visitWire = z
  .object({
    day,
    isComplete: z.boolean().describe("False when the library system counts more loans than it lists"),
    loans: z.array(
      z
        .object({
          entryId: toldText.describe(
            "The same for every event of one loan; null where the system has no ids of loans",
          ),
          item: z.string(),
          outOn: toldDay,
          dueOn: toldDay,
          recordId: toldText,
          title: toldText,
          author: toldText,
          isbn: toldText,
          format: toldText,
          callNumber: toldText,
          subjects: z.array(z.string()),
        })
        .strict(),
    ),
  })
  .strict();

export const creationWire = z
  .object({
    vaultId: id,
    epoch: z.literal(1),
    recipient: z.string().max(4 * kibibyte),
    signPublicKey: publicKey,
    slots: z.array(slot).max(8),
    oprfTicket: bytes(kibibyte),
    manifest,
    signature,
  })
  .strict();

export const commitWire = z
  .object({
    vaultId: id,
    epoch: z.int().min(1),
    previousSequence: z.int().min(1),
    leapTo: z
      .int()
      .min(3)
      .max(2 ** 40)
      .optional(),
    manifest,
    chapters: z.array(chapter).max(1000),
    droppedChapterIds: z.array(id).max(1000),
    openedInboxIds: z.array(id).max(100_000),
    signature,
  })
  .strict();

/** A patron can keep about a quarter of a million loans in this. */
export const maxCommitBytes = 24 * kibibyte * kibibyte;

export const slotChangeWire = z
  .object({
    vaultId: id,
    epoch: z.int().min(1),
    previousSequence: z.int().min(1),
    manifest,
    slot: slot.nullable(),
    keptSlotIds: z.array(id).max(8),
    oprfTicket: bytes(kibibyte).nullable(),
    signature,
  })
  .strict();

export const afreshWire = z
  .object({
    vaultId: id,
    epoch: z.int().min(1).describe("The epoch that ends"),
    previousSequence: z.int().min(1),
    recipient: z.string().max(4 * kibibyte),
    signPublicKey: publicKey,
    slots: z.array(slot).length(2),
    oprfTicket: bytes(kibibyte),
    manifest,
    chapters: z.array(chapter).max(1000),
    settledInboxIds: z.array(id).max(100_000),
    signature,
    proof: signature.describe("By the new signing key, over the same message"),
  })
  .strict();

export const preparationWire = z.object({ vaultId: id, slotId: id, blinded: groupElement }).strict();
export const preparedWire = z
  .object({ evaluated: groupElement, ticket: bytes(kibibyte), intakePublicKey: publicKey })
  .strict();

export const guessWire = z.object({ slotId: id, blinded: groupElement }).strict();
export const guessAnswerWire = z
  .object({ evaluated: groupElement, guessesLeft: z.int().min(0), refillNonce: bytes(32) })
  .strict();

export const refillWire = z.object({ nonce: bytes(32), signature }).strict();
