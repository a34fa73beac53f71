/** Base64 as the vault writes it: padded for HTTP and JSON bodies, URL-safe without padding for short ids. */
import { base64, base64urlnopad } from "@scure/base";

/** RFC 4648 §4, padded. Strings of this form have names that end in `B64`. */
export function toB64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/** Null when the text is not canonical base64. */
export function fromB64(textB64: string): Uint8Array | null {
  try {
    return base64.decode(textB64);
  } catch {
    return null;
  }
}

/** RFC 4648 §5 without padding: for ids and hashes inside JSON. */
export function toB64Url(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes);
}

/** Null when the text is not canonical. */
export function fromB64Url(text: string): Uint8Array | null {
  try {
    return base64urlnopad.decode(text);
  } catch {
    return null;
  }
}
