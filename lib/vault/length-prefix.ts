/** LP: an unambiguous byte string made of fields, each after its length. Everything hashed, signed or bound passes through it. */
import { VaultFault } from "./vault-fault";

/** The domain separator, first field of every LP in the vault. */
export const vaultDomain = "commonplace/vault/v1";

export type Field = string | number | Uint8Array;

const utf8 = new TextEncoder();

function fieldBytes(field: Field): Uint8Array {
  if (typeof field === "string") return utf8.encode(field);
  if (typeof field !== "number") return field;
  if (!Number.isSafeInteger(field) || field < 0) {
    throw new VaultFault("misuse", "A number in LP must be a whole number from 0 to 2^53 - 1.");
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(field));
  return bytes;
}

/**
 * Each field after its length as u32 big-endian. Text is UTF-8; a number is 8 bytes, u64 big-endian; bytes are themselves.
 * A list goes in as its count and then its members, so that two lists cannot be shifted into each other.
 * @throws VaultFault `misuse` for a number that is negative, fractional or above 2^53 - 1.
 */
export function lengthPrefix(...fields: Field[]): Uint8Array {
  const parts = fields.map(fieldBytes);
  const out = new Uint8Array(parts.reduce((size, part) => size + 4 + part.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    out.set(part, at + 4);
    at += 4 + part.length;
  }
  return out;
}
