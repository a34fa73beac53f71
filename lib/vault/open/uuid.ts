/** Random ids of vaults, slots and chapters: UUID version 4 (RFC 9562 §5.4), which say nothing of when they were made. */
import "./marker";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { RandomBytes } from "../random-bytes";

export function newUuid(random: RandomBytes): string {
  const bytes = Uint8Array.from(random(16));
  const view = new DataView(bytes.buffer);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x40);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  const hex = bytesToHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
