/** The recovery code: 130 random bits on paper, with two check characters, entered forgivingly. */
import "./marker";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { lengthPrefix, vaultDomain } from "../length-prefix";
import type { RandomBytes } from "../random-bytes";
import type { SlotPlace } from "./slot";

/** 26 characters of secret and 2 of check, in capitals, without dashes. */
export type RecoveryCode = string & { readonly __brand: "RecoveryCode" };

/** Crockford's base 32: no I, L, O, U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const secretCharacters = 26;
const checkCharacters = 2;
const groupCharacters = 4;

/** Times α in GF(32), modulo x⁵ + x² + 1. */
const timesAlpha = (value: number): number => ((value << 1) & 31) ^ (value & 16 ? 0b00101 : 0);

/**
 * Reed–Solomon over GF(32), generator (x − 1)(x − α) = x² + (1 + α)x + α: any one or two wrong characters are noticed,
 * two swapped ones among them.
 */
function checkOf(values: number[]): number[] {
  let high = 0;
  let low = 0;
  for (const value of values) {
    const feedback = value ^ high;
    high = low ^ feedback ^ timesAlpha(feedback);
    low = timesAlpha(feedback);
  }
  return [high, low];
}

const write = (values: number[]): string => values.map((value) => alphabet.charAt(value)).join("");

export function newRecoveryCode(random: RandomBytes): RecoveryCode {
  const values = Array.from(random(secretCharacters), (byte) => byte & 31);
  return write([...values, ...checkOf(values)]) as RecoveryCode;
}

/** As it is printed: seven groups of four, joined by dashes. */
export function formatRecoveryCode(code: RecoveryCode): string {
  const groups = code.match(new RegExp(`.{${groupCharacters}}`, "g")) ?? [];
  return groups.join("-");
}

/** Any case, spaces and dashes; O is read as 0, I and L as 1. Null when a character is wrong, missing or too many. */
export function readRecoveryCode(text: string): RecoveryCode | null {
  const plain = text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
  const values = Array.from(plain, (character) => alphabet.indexOf(character));
  if (values.length !== secretCharacters + checkCharacters || values.includes(-1)) return null;
  const secret = values.slice(0, secretCharacters);
  return write([...secret, ...checkOf(secret)]) === plain ? (plain as RecoveryCode) : null;
}

/** HKDF-SHA512 of the 26 secret characters, salt = vault id, info = `LP(DS, "slot-recovery", epoch, slot id)`, 32 bytes. */
export function recoveryKey(code: RecoveryCode, place: SlotPlace): Uint8Array {
  const utf8 = new TextEncoder();
  const info = lengthPrefix(vaultDomain, "slot-recovery", place.epoch, place.slotId);
  return hkdf(sha512, utf8.encode(code.slice(0, secretCharacters)), utf8.encode(place.vaultId), info, 32);
}
