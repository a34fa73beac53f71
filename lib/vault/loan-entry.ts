/** One loan event as an inbox row seals it: exactly 1,024 bytes of plaintext, whatever the loan. */
import { toB64Url } from "./base64";
import { cutText, jsonTextBytes, tidyText } from "./cut-text";
import { lengthPrefix, vaultDomain } from "./length-prefix";
import { type SigningKey, sign, signatureBytes } from "./signature";
import { VaultFault } from "./vault-fault";

export const loanEventKinds = ["checkout", "renewal", "return"] as const;
export type LoanEventKind = (typeof loanEventKinds)[number];

/** What the loaned thing is. Null: the event did not say. */
export interface LoanDetails {
  recordId: string | null;
  title: string | null;
  author: string | null;
  isbn: string | null;
  format: string | null;
  callNumber: string | null;
  subjects: string[];
}

export interface LoanEntry extends LoanDetails {
  vaultId: string;
  /** From `entryId`: the same for every event of one loan. */
  entryId: string;
  event: LoanEventKind;
  /** The event's day, an ISO 8601 calendar date. Never a time. */
  day: string;
  due: string | null;
  /** Which copy, by its barcode, where the event says it: a visit may have seen the same loan. */
  item?: string;
  /** 32 bytes: `chainHash` of the row sealed before this one, or `genesisHash` for a vault's first. */
  previous: Uint8Array;
}

export const entryVersion = 1;
export const plaintextBytes = 1024;
/** What the intake signs: all that stands before the signature. */
export const signedBytes = plaintextBytes - signatureBytes;
export const lengthBytes = 4;
const jsonRoom = signedBytes - lengthBytes;

/** An identifier cut short would be another identifier: it is kept whole, or left out. */
const wholeAtMost = { recordId: 120, isbn: 24, format: 40, item: 40 } as const;
/** What each of these may count on; what one leaves over, the next takes, in this order. */
const shares = { title: 200, author: 90, callNumber: 60, subjects: 100 } as const;

const whole = (text: string | null, maxBytes: number): string | null => {
  const tidy = tidyText(text ?? "");
  return tidy === "" || jsonTextBytes(tidy) > maxBytes ? null : tidy;
};

const tidyOrNull = (text: string | null): string | null => tidyText(text ?? "") || null;

const subjectBytes = (subject: string): number => jsonTextBytes(subject) + '"",'.length;

function cutSubjects(subjects: string[], maxBytes: number): string[] {
  const kept: string[] = [];
  let left = maxBytes;
  for (const subject of subjects) {
    if (subjectBytes(subject) > left) {
      const cut = kept.length === 0 ? cutText(subject, left - '"",'.length) : "";
      return cut === "" ? kept : [cut];
    }
    kept.push(subject);
    left -= subjectBytes(subject);
  }
  return kept;
}

function jsonOf(entry: LoanEntry, details: LoanDetails): Uint8Array {
  const item = whole(entry.item ?? null, wholeAtMost.item);
  const said = Object.entries(details).filter(([, value]) => value !== null);
  return new TextEncoder().encode(
    JSON.stringify({
      version: entryVersion,
      vaultId: entry.vaultId,
      entryId: entry.entryId,
      event: entry.event,
      day: entry.day,
      ...(entry.due === null ? {} : { due: entry.due }),
      ...(item === null ? {} : { item }),
      previous: toB64Url(entry.previous),
      ...Object.fromEntries(said),
    }),
  );
}

/** Shortens the details so that the entry's JSON fits: identifiers whole or not at all, texts cut with an ellipsis. */
function fitDetails(entry: LoanEntry): LoanDetails {
  const identifiers = {
    recordId: whole(entry.recordId, wholeAtMost.recordId),
    isbn: whole(entry.isbn, wholeAtMost.isbn),
    format: whole(entry.format, wholeAtMost.format),
  };
  const title = tidyOrNull(entry.title);
  const author = tidyOrNull(entry.author);
  const callNumber = tidyOrNull(entry.callNumber);
  const subjects = entry.subjects.map(tidyText).filter((subject) => subject !== "");
  const blank = (text: string | null) => (text === null ? null : "");
  const empty = {
    ...identifiers,
    title: blank(title),
    author: blank(author),
    callNumber: blank(callNumber),
    subjects: [],
  };
  const needs = {
    title: jsonTextBytes(title ?? ""),
    author: jsonTextBytes(author ?? ""),
    callNumber: jsonTextBytes(callNumber ?? ""),
    subjects: subjects.reduce((sum, subject) => sum + subjectBytes(subject), 0),
  };
  const granted = {
    title: Math.min(needs.title, shares.title),
    author: Math.min(needs.author, shares.author),
    callNumber: Math.min(needs.callNumber, shares.callNumber),
    subjects: Math.min(needs.subjects, shares.subjects),
  };
  let left = jsonRoom - jsonOf(entry, empty).length;
  for (const size of Object.values(granted)) left -= size;
  for (const field of ["title", "author", "callNumber", "subjects"] as const) {
    const more = Math.max(0, Math.min(needs[field] - granted[field], left));
    granted[field] += more;
    left -= more;
  }
  return {
    ...identifiers,
    title: title === null ? null : cutText(title, granted.title),
    author: author === null ? null : cutText(author, granted.author),
    callNumber: callNumber === null ? null : cutText(callNumber, granted.callNumber),
    subjects: cutSubjects(subjects, granted.subjects),
  };
}

/** What the intake signs for one entry: `LP(DS, "loan-entry", the first 960 bytes of the plaintext)`. */
export function entryMessage(signed: Uint8Array): Uint8Array {
  return lengthPrefix(vaultDomain, "loan-entry", signed);
}

/**
 * The plaintext of one row, always 1,024 bytes: JSON length (u32 big-endian) ‖ JSON in UTF-8 ‖ zeros to 960 ‖
 * Ed25519 signature of the intake (64). Long texts are cut by bytes between characters; lone surrogates become U+FFFD.
 * @throws VaultFault `misuse` when ids, days or the previous hash are longer than their formats.
 */
export function writeLoanEntry(entry: LoanEntry, intakeKey: SigningKey): Uint8Array {
  const json = jsonOf(entry, fitDetails(entry));
  if (json.length > jsonRoom || entry.previous.length !== 32) {
    throw new VaultFault("misuse", "An entry's ids, days and previous hash must have their fixed sizes.");
  }
  const plaintext = new Uint8Array(plaintextBytes);
  new DataView(plaintext.buffer).setUint32(0, json.length);
  plaintext.set(json, lengthBytes);
  plaintext.set(sign(intakeKey, entryMessage(plaintext.subarray(0, signedBytes))), signedBytes);
  return plaintext;
}
