/** What a keyring holds, wherever it lies: the masters by generation, and the server's own long-lived secrets. */
import { randomBytes } from "node:crypto";
import { z } from "zod";

const keyB64 = z.base64().refine((text) => Buffer.from(text, "base64").length === 32);

const masterSchema = z
  .object({
    generation: z.int().min(1),
    /** The library's calendar day on which it became current. */
    since: z.iso.date(),
    keyB64,
  })
  .strict();

const keyringSchema = z
  .object({
    version: z.literal(1),
    current: z.int().min(1),
    masters: z.array(masterSchema).min(1),
    secretB64: keyB64,
    intakeSecretB64: keyB64,
    receiptSecretB64: keyB64,
  })
  .strict();

export type KeyringContents = z.infer<typeof keyringSchema>;
export type StoredMaster = z.infer<typeof masterSchema>;

export function newMaster(generation: number, since: string): StoredMaster {
  return { generation, since, keyB64: newKeyB64() };
}

export function newKeyring(today: string): KeyringContents {
  return {
    version: 1,
    current: 1,
    masters: [newMaster(1, today)],
    secretB64: newKeyB64(),
    intakeSecretB64: newKeyB64(),
    receiptSecretB64: newKeyB64(),
  };
}

function newKeyB64(): string {
  return randomBytes(32).toString("base64");
}

/** The same text for the same contents: keyrings are compared by it. */
export function writeContents(contents: KeyringContents): string {
  return `${JSON.stringify(keyringSchema.parse(contents), null, 2)}\n`;
}

/** Undefined for what is no keyring of version 1. The fault is dropped: it would quote the text. */
export function readContents(text: string): KeyringContents | undefined {
  try {
    return keyringSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
