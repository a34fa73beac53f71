/** What a record is: a book, a film, a map. Read from the leader, 007 and 008 as MARC 21 defines them. */
import type { MarcRecord } from "./marc-record";

export const formats = [
  "book",
  "large-print",
  "ebook",
  "audiobook",
  "film",
  "music",
  "score",
  "map",
  "serial",
  "picture",
  "software",
  "kit",
  "object",
  "archive",
] as const;

export type Format = (typeof formats)[number];

const byRecordType: Record<string, Format> = {
  c: "score",
  d: "score",
  e: "map",
  f: "map",
  i: "audiobook",
  j: "music",
  k: "picture",
  m: "software",
  o: "kit",
  p: "archive",
  r: "object",
};

/** Leader/06 type of record, /07 level; 008/23 form of item, 008/33 kind of visual material. */
export function readFormat(record: MarcRecord): Format {
  const type = record.leader[6] ?? " ";
  const fixed = record.fields.find((field) => field.tag === "008")?.subfields[0]?.[1] ?? "";
  if (type === "g") return /[is]/u.test(fixed[33] ?? "") ? "picture" : "film";
  const known = byRecordType[type];
  if (known !== undefined) return known;
  if (/[bis]/u.test(record.leader[7] ?? "")) return "serial";
  if (fixed[23] === "d" || says(record, /large (?:print|type)/iu)) return "large-print";
  return /[oqs]/u.test(fixed[23] ?? "") ? "ebook" : "book";
}

/** 245$h, 250$a, 300$a, 340 and 655 also tell large print, in records whose 008 is not filled in. */
function says(record: MarcRecord, pattern: RegExp): boolean {
  return record.fields.some(
    (field) =>
      /^(?:245|250|300|340|655)$/u.test(field.tag) &&
      field.subfields.some(([, value]) => pattern.test(value)),
  );
}
