/** How slots and chapters lie inside their envelope: a version byte, the one fact the server keeps about them, the blob. */
import { type Chapter, type Slot, slotKinds } from "@/lib/vault/vault-contents";
import { CustodyFault } from "./custody-fault";

const version = 1;

/** version 1 ‖ kind (1 byte) ‖ blob */
export function writeStoredSlot(slot: Slot): Uint8Array {
  return Uint8Array.of(version, slotKinds.indexOf(slot.kind), ...slot.blob);
}

export function readStoredSlot(id: string, bytes: Uint8Array): Slot {
  const kind = slotKinds[bytes[1] ?? 255];
  if (bytes[0] !== version || !kind) throw new CustodyFault("row-refused");
  return { id, kind, blob: bytes.slice(2) };
}

/** version 1 ‖ revision (u32 big-endian) ‖ blob */
export function writeStoredChapter(chapter: Chapter): Uint8Array {
  const bytes = new Uint8Array(5 + chapter.blob.length);
  bytes[0] = version;
  new DataView(bytes.buffer).setUint32(1, chapter.revision);
  bytes.set(chapter.blob, 5);
  return bytes;
}

export function readStoredChapter(id: string, bytes: Uint8Array): Chapter {
  if (bytes[0] !== version || bytes.length < 5) throw new CustodyFault("row-refused");
  const revision = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  return { id, revision, blob: bytes.slice(5) };
}
