/** Opens one inbox row: the age file, the library's signature, the vault it was sealed for. */
import "./marker";
import { Decrypter } from "age-encryption";
import { fromB64Url } from "../base64";
import {
  asDay,
  asDayOrNull,
  asList,
  asOneOf,
  asText,
  asTextOrNull,
  type JsonObject,
  parseObject,
} from "../json-fields";
import {
  entryMessage,
  entryVersion,
  type LoanEntry,
  lengthBytes,
  loanEventKinds,
  plaintextBytes,
  signedBytes,
} from "../loan-entry";
import { verify } from "../signature";
import { VaultFault } from "../vault-fault";

export interface EntryReader {
  vaultId: string;
  decrypter: Decrypter;
  /** The intake key pinned in the manifest, not the one that the server names today. */
  intakePublicKey: Uint8Array;
}

export type OpenedEntry =
  | { ok: true; entry: LoanEntry }
  | { ok: false; why: "damaged" | "not-signed" | "other-vault" | "unknown-version" };

export function entryReader(identity: string, vaultId: string, intakePublicKey: Uint8Array): EntryReader {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return { vaultId, decrypter, intakePublicKey };
}

function readEntry(json: JsonObject): LoanEntry {
  const previous = fromB64Url(asText(json.previous));
  if (previous?.length !== 32) throw new VaultFault("malformed", "The previous hash has 32 bytes.");
  return {
    vaultId: asText(json.vaultId),
    entryId: asText(json.entryId),
    event: asOneOf(json.event, loanEventKinds),
    day: asDay(json.day),
    due: asDayOrNull(json.due ?? null),
    ...(json.item === undefined ? {} : { item: asText(json.item) }),
    previous,
    recordId: asTextOrNull(json.recordId ?? null),
    title: asTextOrNull(json.title ?? null),
    author: asTextOrNull(json.author ?? null),
    isbn: asTextOrNull(json.isbn ?? null),
    format: asTextOrNull(json.format ?? null),
    callNumber: asTextOrNull(json.callNumber ?? null),
    subjects: asList(json.subjects ?? [], asText),
  };
}

/** Nothing of a row is believed before its signature has been checked. */
export async function openEntry(reader: EntryReader, sealed: Uint8Array): Promise<OpenedEntry> {
  let plaintext: Uint8Array;
  try {
    plaintext = await reader.decrypter.decrypt(sealed);
  } catch {
    return { ok: false, why: "damaged" };
  }
  if (plaintext.length !== plaintextBytes) return { ok: false, why: "damaged" };
  const signed = plaintext.subarray(0, signedBytes);
  if (!verify(reader.intakePublicKey, entryMessage(signed), plaintext.subarray(signedBytes))) {
    return { ok: false, why: "not-signed" };
  }
  try {
    const length = new DataView(signed.buffer, signed.byteOffset, signed.byteLength).getUint32(0);
    const json = parseObject(signed.subarray(lengthBytes, lengthBytes + length));
    if (json.version !== entryVersion) return { ok: false, why: "unknown-version" };
    const entry = readEntry(json);
    return entry.vaultId === reader.vaultId ? { ok: true, entry } : { ok: false, why: "other-vault" };
  } catch {
    return { ok: false, why: "damaged" };
  }
}
