/** Cuts a stream into MARC records (ISO 2709), and finds the next one after anything that is not a record. */

export type Frame = { ok: true; bytes: Buffer } | { ok: false; why: "no-record" | "cut-short" | "too-long" };

export const recordTerminator = 0x1d;
/** ISO 2709 can say 99,999 bytes at most; records beyond that exist and end with their terminator. */
const longestRecordBytes = 4 * 1024 * 1024;
const shortestRecordBytes = 26;

type Cut = { frames: Frame[]; rest: Buffer } | "more";

/** Holds one record and one chunk in memory, whatever the length of the stream. */
export async function* readFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let held: Buffer = Buffer.alloc(0);
  let overlong = false;
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    if (overlong) {
      const end = held.indexOf(recordTerminator);
      held = end < 0 ? Buffer.alloc(0) : held.subarray(end + 1);
      overlong = end < 0;
    }
    for (let cut = cutFrame(held); cut !== "more"; cut = cutFrame(held)) {
      yield* cut.frames;
      held = cut.rest;
    }
    if (held.length > longestRecordBytes) {
      yield { ok: false, why: "too-long" };
      held = Buffer.alloc(0);
      overlong = true;
    }
  }
  const left = skipFilling(held);
  if (left.length > 0) yield { ok: false, why: "cut-short" };
}

function cutFrame(held: Buffer): Cut {
  const bytes = skipFilling(held);
  const said = readLength(bytes, 0);
  if (said !== null && said > bytes.length && !bytes.includes(recordTerminator)) return "more";
  if (said !== null && said >= shortestRecordBytes && bytes[said - 1] === recordTerminator) {
    return { frames: [{ ok: true, bytes: bytes.subarray(0, said) }], rest: bytes.subarray(said) };
  }
  const end = bytes.indexOf(recordTerminator);
  if (end < 0) return "more";
  return { frames: findRecord(bytes.subarray(0, end + 1)), rest: bytes.subarray(end + 1) };
}

/** A leader whose length reaches exactly to the terminator is a record, whatever stands before it. */
function findRecord(bytes: Buffer): Frame[] {
  for (let start = 1; start <= bytes.length - shortestRecordBytes; start++) {
    if (readLength(bytes, start) === bytes.length - start) {
      return [
        { ok: false, why: "no-record" },
        { ok: true, bytes: bytes.subarray(start) },
      ];
    }
  }
  return bytes.length >= shortestRecordBytes ? [{ ok: true, bytes }] : [{ ok: false, why: "no-record" }];
}

function readLength(bytes: Buffer, start: number): number | null {
  const digits = bytes.toString("latin1", start, start + 5);
  return /^\d{5}$/u.test(digits) ? Number(digits) : null;
}

/** Line ends, blanks, NULs and a byte order mark between records mean nothing. */
function skipFilling(bytes: Buffer): Buffer {
  let start = 0;
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) start = 3;
  while (start < bytes.length && [0x00, 0x09, 0x0a, 0x0d, 0x1a, 0x20].includes(bytes[start] ?? -1)) start++;
  return bytes.subarray(start);
}
