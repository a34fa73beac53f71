/** Reads the fields of authenticated JSON by their promised shapes; anything else is a fault of the writer. */
import { VaultFault } from "./vault-fault";

export type JsonObject = Readonly<Record<string, unknown>>;

const malformed = (cause?: unknown): VaultFault =>
  new VaultFault("malformed", "The plaintext does not have the shape that its version promises.", { cause });

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws VaultFault `malformed`, like every reader below. */
export function parseObject(bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed(cause);
  }
  return asObject(value);
}

export function asObject(value: unknown): JsonObject {
  if (!isObject(value)) throw malformed();
  return value;
}

export function asText(value: unknown): string {
  if (typeof value !== "string") throw malformed();
  return value;
}

export function asTextOrNull(value: unknown): string | null {
  return value === null ? null : asText(value);
}

/** A whole number from 0 up. */
export function asCount(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw malformed();
  return value;
}

export function asList<T>(value: unknown, member: (value: unknown) => T): T[] {
  if (!Array.isArray(value)) throw malformed();
  return value.map(member);
}

/** An ISO 8601 calendar date. */
export function asDay(value: unknown): string {
  const day = asText(value);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw malformed();
  return day;
}

export function asDayOrNull(value: unknown): string | null {
  return value === null ? null : asDay(value);
}

export function asOneOf<T extends string>(value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw malformed();
  return found;
}
