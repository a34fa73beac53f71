/** One MARC 21 record's leader and fields, read from its bytes; a wrong directory is worked round where it can be. */
import { isUtf8 } from "node:buffer";
import { Marc } from "marcjs";

export interface MarcField {
  tag: string;
  indicators: string;
  /** Code and value, in order. A control field has one, with the code "". */
  subfields: Array<readonly [code: string, value: string]>;
}

export interface MarcRecord {
  leader: string;
  fields: MarcField[];
}

export type ReadRecord =
  | { ok: true; record: MarcRecord }
  | { ok: false; why: "not-utf8" | "no-leader" | "broken-directory" };

const fieldTerminator = 0x1e;
const escapeByte = 0x1b;
const leaderBytes = 24;
const entryBytes = 12;

/** Reads one record that `readFrames` cut out. */
export function readMarcRecord(bytes: Buffer): ReadRecord {
  const leader = bytes.toString("latin1", 0, leaderBytes);
  if (!/^[\x20-\x7e]{24}$/u.test(leader)) return { ok: false, why: "no-leader" };
  const saysUtf8 = leader[9] === "a";
  // MARC-8 changes its script by escape sequences, which are seven-bit like UTF-8's first half.
  if (!saysUtf8 && (bytes.includes(escapeByte) || !isUtf8(bytes))) return { ok: false, why: "not-utf8" };
  const fields = isSound(bytes, leader) ? Marc.parse(bytes, "iso2709").fields : readByTerminators(bytes);
  if (fields === null || fields.length === 0) return { ok: false, why: "broken-directory" };
  return { ok: true, record: { leader, fields: fields.map(fieldOf) } };
}

function isSound(bytes: Buffer, leader: string): boolean {
  const base = Number(leader.slice(12, 17));
  if (!Number.isInteger(base) || (base - leaderBytes - 1) % entryBytes !== 0 || base > bytes.length)
    return false;
  const directory = bytes.toString("latin1", leaderBytes, base - 1);
  if (!/^(?:[0-9A-Za-z]{3}\d{9})+$/u.test(directory) || bytes[base - 1] !== fieldTerminator) return false;
  for (let at = 0; at < directory.length; at += entryBytes) {
    const length = Number(directory.slice(at + 3, at + 7));
    const start = base + Number(directory.slice(at + 7, at + entryBytes));
    if (length < 1 || bytes[start + length - 1] !== fieldTerminator) return false;
    if (bytes.subarray(start, start + length - 1).includes(fieldTerminator)) return false;
  }
  return true;
}

/** The terminators divide the fields as well as the directory does, and survive wrong lengths. */
function readByTerminators(bytes: Buffer): string[][] | null {
  const directoryEnd = bytes.indexOf(fieldTerminator, leaderBytes);
  const written = bytes.toString("latin1", leaderBytes, Math.max(directoryEnd, leaderBytes));
  // A digit lost at the front ("01001300000" for "001001300000") leaves the entries aligned at the end.
  const directory = written.padStart(Math.ceil(written.length / entryBytes) * entryBytes, "0");
  const tags = directory.match(/.{12}/gsu)?.map((entry) => entry.slice(0, 3)) ?? [];
  const values: Buffer[] = [];
  let start = directoryEnd + 1;
  for (
    let end = bytes.indexOf(fieldTerminator, start);
    end >= 0;
    end = bytes.indexOf(fieldTerminator, start)
  ) {
    values.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (directoryEnd < 0 || tags.length !== values.length) return null;
  return values.map((value, place) => {
    const tag = tags[place] ?? "";
    const text = value.toString("utf8");
    if (tag.startsWith("00")) return [tag, text];
    const [indicators = "", ...subfields] = text.split("\x1f");
    return [tag, indicators, ...subfields.flatMap((subfield) => [subfield.slice(0, 1), subfield.slice(1)])];
  });
}

function fieldOf([tag = "", indicators = "", ...rest]: string[]): MarcField {
  if (rest.length === 0 && tag.startsWith("00"))
    return { tag, indicators: "", subfields: [["", indicators]] };
  const subfields: Array<readonly [string, string]> = [];
  for (let at = 0; at + 1 < rest.length; at += 2) subfields.push([rest[at] ?? "", rest[at + 1] ?? ""]);
  return { tag, indicators, subfields };
}
