/** One SIP2 message: written with sequence number and checksum, read by its fields. SIP2 2.00, sections "Message Format" and "Error Detection". */
import { encodeText, type Sip2Encoding } from "./text-encoding";

const carriageReturn = 0x0d;

/** Two letters and a value. */
export type Field = readonly [code: string, value: string];

/** An answer whose bytes have been judged, not yet its meaning. */
export interface Reply {
  /** The two digits that say which message it is. */
  code: string;
  /** What stands between the code and the first field, as long as `fixedLengths` says. */
  fixed: string;
  fields: ReadonlyMap<string, readonly string[]>;
}

/** Characters after the code and before the first field, of the messages that we ask for. */
export const fixedLengths: Readonly<Record<string, number>> = { "94": 1, "64": 59, "18": 24, "98": 34 };

/** What a field may carry: a delimiter or a control character in it would begin another field, or another message. */
export function isSendable(text: string, encoding: Sip2Encoding): boolean {
  return !/[|\p{Cc}\u2028\u2029]/u.test(text) && encodeText(text, encoding) !== null;
}

/** The sum that makes all bytes up to and including `AZ` come to zero in 16 bits. Four capital hexadecimal digits. */
export function checksum(bytes: Uint8Array): string {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return (-sum & 0xffff).toString(16).toUpperCase().padStart(4, "0");
}

/**
 * The whole message with `AY`, `AZ` and CR. Always with them: without, Koha strips punctuation from the line's end, and a
 * PIN that ends in some fails.
 * @param fields must be sendable; what is not is left empty.
 */
export function writeMessage(
  head: string,
  fields: readonly Field[],
  sequence: number,
  encoding: Sip2Encoding,
): Uint8Array {
  const line = fields.map(([code, value]) => `${code}${isSendable(value, encoding) ? value : ""}|`).join("");
  return sealed(encodeText(`${head}${line}AY${sequence}AZ`, encoding) ?? new Uint8Array());
}

/** "Say that again": it has a checksum and no sequence number of its own. */
export function writeResendRequest(): Uint8Array {
  return sealed(new TextEncoder().encode("97AZ"));
}

function sealed(body: Uint8Array): Uint8Array {
  return Uint8Array.from([...body, ...new TextEncoder().encode(checksum(body)), carriageReturn]);
}

export interface Tail {
  sequence: number | null;
  /** Null: the message has no checksum. */
  isSumRight: boolean | null;
}

/** Sequence number and checksum at the end of a message's bytes, without its CR. The sum is over bytes, not characters. */
export function readTail(bytes: Uint8Array): Tail & { bodyLength: number } {
  const end = Buffer.from(bytes.subarray(-9)).toString("latin1");
  const found = /(?:AY(\d))?AZ([0-9A-Fa-f]{4})$/.exec(end);
  if (!found) {
    const bare = /AY(\d)$/.exec(end);
    return {
      sequence: bare ? Number(bare[1]) : null,
      isSumRight: null,
      bodyLength: bytes.length - (bare?.[0].length ?? 0),
    };
  }
  const [whole, sequence, sum = ""] = found;
  return {
    sequence: sequence === undefined ? null : Number(sequence),
    isSumRight: checksum(bytes.subarray(0, bytes.length - 4)) === sum.toUpperCase(),
    bodyLength: bytes.length - whole.length,
  };
}

/** Null when it is too short for what it says it is. Unknown fields are kept: they do no harm. */
export function readReply(text: string): Reply | null {
  const code = text.slice(0, 2);
  const length = fixedLengths[code];
  if (length === undefined || text.length < 2 + length) return null;
  const fields = new Map<string, string[]>();
  for (const part of text.slice(2 + length).split("|")) {
    if (part.length < 2) continue;
    const values = fields.get(part.slice(0, 2)) ?? [];
    values.push(tidied(part.slice(2)));
    fields.set(part.slice(0, 2), values);
  }
  return { code, fixed: text.slice(2, 2 + length), fields };
}

export function firstOf(reply: Reply, code: string): string | null {
  return reply.fields.get(code)?.[0] || null;
}

/** A delimiter within a field arrives as `&#124;`. */
function tidied(value: string): string {
  return value
    .replaceAll("&#124;", "|")
    .replace(/\p{Cc}/gu, " ")
    .trim();
}
