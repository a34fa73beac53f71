/** The manifest: the vault's table of contents, numbered, chained to the one before, sealed under the manifest key. */
import "./marker";
import { sha256 } from "@noble/hashes/sha2.js";
import { fromB64Url, toB64Url } from "../base64";
import { asCount, asDay, asList, asObject, asText, parseObject } from "../json-fields";
import type { RandomBytes } from "../random-bytes";
import { type BlobPlace, openBlob, type SealedBlob, sealBlob } from "../sealed-blob";
import { VaultFault } from "../vault-fault";
import { readSlotNote, type SlotNote, writeSlotNote } from "./slot-note";

export interface ManifestChapter {
  id: string;
  revision: number;
  /** SHA-256 of the sealed chapter. */
  hash: Uint8Array;
  entries: number;
}

export interface Manifest {
  vaultId: string;
  epoch: number;
  sequence: number;
  /** `manifestHash` of the manifest before; 32 zero bytes in the first. */
  previousHash: Uint8Array;
  /** The day on which the vault was made. */
  birthday: string;
  /** The library's intake key as it was when the vault was made. */
  intakePublicKey: Uint8Array;
  slotsDigest: Uint8Array;
  /** Chain hashes that the next sealed entries may name as their previous; usually one. */
  inboxTips: Uint8Array[];
  /** How many times an entry has been found missing from the chain. */
  inboxGaps: number;
  chapters: ManifestChapter[];
  /** Empty in manifests from before there were notes. */
  slots: SlotNote[];
}

const manifestVersion = 1;
const blockBytes = 4096;
const lengthBytes = 4;

const blobPlace = (vaultId: string, epoch: number, sequence: number): BlobPlace => ({
  kind: "manifest",
  vaultId,
  epoch,
  objectId: "manifest",
  revision: sequence,
});

/** SHA-256 of the sealed manifest: what the next one names, and where the checkpoint's words come from. */
export function manifestHash(blob: Uint8Array): Uint8Array {
  return sha256(blob);
}

/**
 * Plaintext: JSON length (u32 big-endian) ‖ JSON ‖ zeros to a multiple of 4 KiB.
 * AAD = `LP(DS, "manifest", vault id, epoch, "manifest", sequence)`.
 */
export function sealManifest(manifestKey: Uint8Array, manifest: Manifest, random: RandomBytes): SealedBlob {
  const json = new TextEncoder().encode(
    JSON.stringify({
      version: manifestVersion,
      vaultId: manifest.vaultId,
      epoch: manifest.epoch,
      sequence: manifest.sequence,
      previousHash: toB64Url(manifest.previousHash),
      birthday: manifest.birthday,
      intakePublicKey: toB64Url(manifest.intakePublicKey),
      slotsDigest: toB64Url(manifest.slotsDigest),
      inboxTips: manifest.inboxTips.map(toB64Url),
      inboxGaps: manifest.inboxGaps,
      entries: manifest.chapters.reduce((sum, chapter) => sum + chapter.entries, 0),
      chapters: manifest.chapters.map((chapter) => ({ ...chapter, hash: toB64Url(chapter.hash) })),
      slots: manifest.slots.map(writeSlotNote),
    }),
  );
  const blocks = Math.ceil((lengthBytes + json.length) / blockBytes);
  const plaintext = new Uint8Array(blocks * blockBytes);
  new DataView(plaintext.buffer).setUint32(0, json.length);
  plaintext.set(json, lengthBytes);
  const place = blobPlace(manifest.vaultId, manifest.epoch, manifest.sequence);
  return sealBlob(manifestKey, place, plaintext, random);
}

function asHash(value: unknown): Uint8Array {
  const bytes = fromB64Url(asText(value));
  if (bytes?.length !== 32) throw new VaultFault("malformed", "A hash or public key has 32 bytes.");
  return bytes;
}

function asChapter(value: unknown): ManifestChapter {
  const chapter = asObject(value);
  return {
    id: asText(chapter.id),
    revision: asCount(chapter.revision),
    hash: asHash(chapter.hash),
    entries: asCount(chapter.entries),
  };
}

/** The ids and the number are those that the server names; a manifest of any others does not open. */
export function openManifest(
  manifestKey: Uint8Array,
  named: { vaultId: string; epoch: number; sequence: number },
  blob: Uint8Array,
): { ok: true; manifest: Manifest } | { ok: false; why: "damaged" | "unknown-version" } {
  const opened = openBlob(manifestKey, blobPlace(named.vaultId, named.epoch, named.sequence), blob);
  if (!opened.ok) return opened;
  const { bytes } = opened;
  if (bytes.length < lengthBytes) throw new VaultFault("malformed", "A manifest has no length.");
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const json = parseObject(bytes.subarray(lengthBytes, lengthBytes + length));
  if (json.version !== manifestVersion) return { ok: false, why: "unknown-version" };
  return {
    ok: true,
    manifest: {
      vaultId: asText(json.vaultId),
      epoch: asCount(json.epoch),
      sequence: asCount(json.sequence),
      previousHash: asHash(json.previousHash),
      birthday: asDay(json.birthday),
      intakePublicKey: asHash(json.intakePublicKey),
      slotsDigest: asHash(json.slotsDigest),
      inboxTips: asList(json.inboxTips, asHash),
      inboxGaps: asCount(json.inboxGaps),
      chapters: asList(json.chapters, asChapter),
      slots: asList(json.slots ?? [], readSlotNote),
    },
  };
}
