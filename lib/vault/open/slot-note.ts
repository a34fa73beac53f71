/** What a patron's settings tell of each way to unlock: held in the manifest, so that the server never learns it. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { fromB64Url, toB64Url } from "../base64";
import { asDayOrNull, asObject, asText, asTextOrNull, type JsonObject } from "../json-fields";
import { readPasskeyQuestion } from "../passkey-question";
import type { Way } from "../unlocked-history";
import { type Slot, slotKinds } from "../vault-contents";
import { VaultFault } from "../vault-fault";

export interface SlotNote {
  id: string;
  /** SHA-256 of the slot's blob: what vouches for this one slot where the others were tampered with. */
  hash: Uint8Array;
  /** The patron's own name for a passkey. */
  name: string | null;
  /** Days, null where nobody knows: older manifests had no notes. */
  madeOn: string | null;
  usedOn: string | null;
}

/** A slot that was used today, still to be noted. */
export interface SlotUse {
  slotId: string;
  day: string;
}

const mostNameCharacters = 60;

/** A note of a slot made on that day. Of a name, one line of at most 60 characters is kept; an empty one is none. */
export function newSlotNote(slot: Slot, madeOn: string, name: string | null = null): SlotNote {
  const line = name?.normalize("NFC").replace(/\s+/gu, " ").trim() ?? "";
  const kept = [...line].slice(0, mostNameCharacters).join("");
  return { id: slot.id, hash: sha256(slot.blob), name: kept || null, madeOn, usedOn: null };
}

export function noteOf(slot: Slot, notes: readonly SlotNote[]): SlotNote | null {
  const hash = sha256(slot.blob);
  return notes.find((note) => note.id === slot.id && equalBytes(note.hash, hash)) ?? null;
}

/** One note for each of these slots, which must be the vault's own; with the use noted. */
export function notesFor(
  slots: readonly Slot[],
  notes: readonly SlotNote[],
  use: SlotUse | null,
): SlotNote[] {
  return slots.map((slot) => {
    const unknown = { id: slot.id, hash: sha256(slot.blob), name: null, madeOn: null, usedOn: null };
    const note = noteOf(slot, notes) ?? unknown;
    return use?.slotId === slot.id ? { ...note, usedOn: use.day } : note;
  });
}

/** As the settings list them: passphrase, recovery code, then passkeys, the older first. */
export function waysOf(slots: readonly Slot[], notes: readonly SlotNote[]): Way[] {
  const ways = slots.map((slot): Way => {
    const { name = null, madeOn = null, usedOn = null } = noteOf(slot, notes) ?? {};
    return { slotId: slot.id, kind: slot.kind, name, madeOn, usedOn, passkey: readPasskeyQuestion(slot) };
  });
  const order = ({ kind, madeOn, slotId }: Way) => `${slotKinds.indexOf(kind)} ${madeOn} ${slotId}`;
  return ways.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

export function writeSlotNote(note: SlotNote): JsonObject {
  return { ...note, hash: toB64Url(note.hash) };
}

/** @throws VaultFault `malformed` */
export function readSlotNote(value: unknown): SlotNote {
  const note = asObject(value);
  const hash = fromB64Url(asText(note.hash));
  if (hash?.length !== 32) throw new VaultFault("malformed", "The hash of a slot has 32 bytes.");
  return {
    id: asText(note.id),
    hash,
    name: asTextOrNull(note.name),
    madeOn: asDayOrNull(note.madeOn),
    usedOn: asDayOrNull(note.usedOn),
  };
}
