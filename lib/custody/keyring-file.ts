/** The keyring on disk: one 0600 file, made once, replaced in one step, flushed before it counts. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CustodyFault } from "./custody-fault";
import { type KeyringContents, newKeyring, readContents, writeContents } from "./keyring-contents";
import type { KeyringStore } from "./keyring-store";

export function keyringPath(dataDir: string): string {
  return join(dataDir, "keyring.json");
}

/** A keyring of one machine, in the file at `path`. */
export function fileKeyring(path: string): KeyringStore {
  return {
    read: async () => readKeyring(path),
    readOrMake: async (today) => readOrMakeKeyring(path, today),
    async replace(next, seen) {
      const found = readKeyring(path);
      if (!found || writeContents(found) !== writeContents(seen)) throw new CustodyFault("keyring-changed");
      replaceKeyring(path, next);
    },
    close: async () => {},
  };
}

/**
 * Reads the file, making it on first use. Of two processes that start together both end with the same file.
 * @throws CustodyFault `keyring-unreadable` for a file that is not a keyring of version 1.
 */
export function readOrMakeKeyring(path: string, today: string): KeyringContents {
  const existing = readKeyring(path);
  if (existing) return existing;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let refusal: unknown;
  const draft = writeDraft(path, newKeyring(today));
  try {
    // link() fails when the name exists: the later of two first starts reads the earlier one's file.
    linkSync(draft, path);
  } catch (cause) {
    refusal = cause;
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(path);
  const made = readKeyring(path);
  if (!made) throw new CustodyFault("keyring-unwritable", { cause: refusal });
  return made;
}

/**
 * Writes a changed keyring over the old one: a crash leaves either of them whole. What the old one held is
 * overwritten where it lay, as far as a disk lets a program do that, and no draft of an earlier crash is left.
 * @throws CustodyFault `keyring-unwritable`: the old file still stands.
 */
export function replaceKeyring(path: string, file: KeyringContents): void {
  try {
    const old = openSync(path, "r+");
    try {
      renameSync(writeDraft(path, file), path);
      syncFolder(path);
      writeSync(old, Buffer.alloc(fstatSync(old).size), 0, null, 0);
      fsyncSync(old);
    } finally {
      closeSync(old);
    }
    removeDrafts(path);
  } catch (cause) {
    throw new CustodyFault("keyring-unwritable", { cause });
  }
}

/** Drafts that a crash left behind: each holds masters that are to be destroyed. */
function removeDrafts(path: string): void {
  const drafts = readdirSync(dirname(path)).filter((name) => name.startsWith(draftPrefix));
  for (const draft of drafts) rmSync(join(dirname(path), draft), { force: true });
  if (drafts.length > 0) syncFolder(path);
}

export function readKeyring(path: string): KeyringContents | null {
  // A file that was replaced between its opening and its reading is overwritten: the second look finds the new one.
  const file = tryReading(path) ?? tryReading(path);
  if (file === undefined) throw new CustodyFault("keyring-unreadable");
  return file;
}

/** Null when there is no file, undefined when what is there is no keyring of version 1. */
function tryReading(path: string): KeyringContents | null | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return null;
    throw new CustodyFault("keyring-unreadable", { cause });
  }
  return readContents(text);
}

const draftPrefix = ".keyring-";

function writeDraft(path: string, file: KeyringContents): string {
  const draft = join(dirname(path), `${draftPrefix}${randomBytes(8).toString("hex")}`);
  const descriptor = openSync(draft, "wx", 0o600);
  try {
    writeFileSync(descriptor, writeContents(file));
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
