/** The keyring on disk: one 0600 file, made once, replaced in one step, flushed before it counts. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CustodyFault } from "./custody-fault";

const keyB64 = z.base64().refine((text) => Buffer.from(text, "base64").length === 32);

const keyringSchema = z
  .object({
    version: z.literal(1),
    current: z.int().min(1),
    masters: z.array(z.object({ generation: z.int().min(1), keyB64 }).strict()).min(1),
    secretB64: keyB64,
    intakeSecretB64: keyB64,
    receiptSecretB64: keyB64,
  })
  .strict();

export type KeyringFile = z.infer<typeof keyringSchema>;

export function newKeyring(): KeyringFile {
  const key = () => randomBytes(32).toString("base64");
  return {
    version: 1,
    current: 1,
    masters: [{ generation: 1, keyB64: key() }],
    secretB64: key(),
    intakeSecretB64: key(),
    receiptSecretB64: key(),
  };
}

/**
 * Reads the file, making it on first use. Of two processes that start together both end with the same file.
 * @throws CustodyFault `keyring-unreadable` for a file that is not a keyring of version 1.
 */
export function readOrMakeKeyring(path: string): KeyringFile {
  const existing = readKeyring(path);
  if (existing) return existing;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = writeDraft(path, newKeyring());
  try {
    // link() fails when the name exists: the later of two first starts reads the earlier one's file.
    linkSync(draft, path);
  } catch (cause) {
    if (!hasCode(cause, "EEXIST")) throw new CustodyFault("keyring-unwritable", { cause });
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(path);
  const made = readKeyring(path);
  if (!made) throw new CustodyFault("keyring-unreadable");
  return made;
}

/** Writes a changed keyring over the old one: a crash leaves either of them whole. */
export function replaceKeyring(path: string, file: KeyringFile): void {
  renameSync(writeDraft(path, keyringSchema.parse(file)), path);
  syncFolder(path);
}

export function readKeyring(path: string): KeyringFile | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return null;
    throw new CustodyFault("keyring-unreadable", { cause });
  }
  try {
    return keyringSchema.parse(JSON.parse(text));
  } catch {
    // No cause: it would quote the file.
    throw new CustodyFault("keyring-unreadable");
  }
}

function writeDraft(path: string, file: KeyringFile): string {
  const draft = join(dirname(path), `.keyring-${randomBytes(8).toString("hex")}`);
  const descriptor = openSync(draft, "wx", 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(file, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return draft;
}

function syncFolder(path: string): void {
  const descriptor = openSync(dirname(path), "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function hasCode(fault: unknown, code: string): boolean {
  return fault instanceof Error && "code" in fault && fault.code === code;
}
