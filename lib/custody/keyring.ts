/** The server's keyring: masters that wrap shred and OPRF keys, and the server's own long-lived secrets. Never in the database. */
import { createHmac, hkdfSync } from "node:crypto";
import { CustodyFault } from "./custody-fault";
import { type KeyringContents, newKeyring } from "./keyring-contents";
import type { KeyringStore } from "./keyring-store";

export type Purpose = "handle" | "mark" | "refill" | "allowance";

export interface Keyring {
  /** Looked up where the keyring lies each time: under a stale one, a new row would die with a master already destroyed. */
  currentMaster(): Promise<{ generation: number; key: Uint8Array }>;
  /** Null when it has been destroyed, or belongs to another keyring. */
  findMaster(generation: number): Promise<Uint8Array | null>;
  /** @throws CustodyFault `no-master` */
  master(generation: number): Promise<Uint8Array>;
  /** 32 bytes, HKDF-SHA-256 (RFC 5869) of the server's secret, one per purpose. */
  derivedKey(purpose: Purpose): Uint8Array;
  /** Keyed hash of a value for the allowance table, so that its rows name nobody. 32 bytes. */
  hashKey(label: string, value: string): Uint8Array;
  /** Ed25519 secret keys, 32 bytes each. */
  readonly intakeSecretKey: Uint8Array;
  readonly receiptSecretKey: Uint8Array;
}

/**
 * Opens the keyring that lies in `store`, making it on first use, with `today` as its first master's day. Masters are
 * read anew when a rotation has replaced them, whichever process did it, on whichever machine.
 */
export async function openKeyring(store: KeyringStore, today: string): Promise<Keyring> {
  const read = () => store.readOrMake(today);
  return keyringOver(await read(), read);
}

/** A keyring that is nowhere but in memory, for tests and measures. */
export function memoryKeyring(): Keyring {
  return keyringOf(newKeyring("2000-01-01"));
}

/** A keyring of fixed contents, for tests and measures. */
export function keyringOf(contents: KeyringContents): Keyring {
  return keyringOver(contents, async () => contents);
}

function keyringOver(first: KeyringContents, read: () => Promise<KeyringContents>): Keyring {
  let contents = first;
  const secret = decode(contents.secretB64);
  const derivedKey = (purpose: Purpose) =>
    new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(), `commonplace/custody/v1/${purpose}`, 32));
  const allowanceKey = derivedKey("allowance");
  const known = (generation: number) => {
    const found = contents.masters.find((master) => master.generation === generation);
    return found ? decode(found.keyB64) : null;
  };
  async function findMaster(generation: number): Promise<Uint8Array | null> {
    const key = known(generation);
    if (key) return key;
    // Another process may have rotated since: look once more before giving up.
    contents = await read();
    return known(generation);
  }
  async function master(generation: number): Promise<Uint8Array> {
    const key = await findMaster(generation);
    if (!key) throw new CustodyFault("no-master");
    return key;
  }
  return {
    async currentMaster() {
      contents = await read();
      const generation = contents.current;
      return { generation, key: await master(generation) };
    },
    findMaster,
    master,
    derivedKey,
    hashKey: (label, value) =>
      new Uint8Array(createHmac("sha256", allowanceKey).update(`${label.length}:${label}${value}`).digest()),
    intakeSecretKey: decode(first.intakeSecretB64),
    receiptSecretKey: decode(first.receiptSecretB64),
  };
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
