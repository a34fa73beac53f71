/** The server's keyring: masters that wrap shred and OPRF keys, and the server's own long-lived secrets. Never in the database. */
import { createHmac, hkdfSync } from "node:crypto";
import { CustodyFault } from "./custody-fault";
import { type KeyringFile, newKeyring, readOrMakeKeyring } from "./keyring-file";

export type Purpose = "handle" | "mark" | "refill" | "allowance";

export interface Keyring {
  /** Read from the file each time: under a stale one, a new row would die with a master already destroyed. */
  readonly currentGeneration: number;
  hasMaster(generation: number): boolean;
  /** @throws CustodyFault `no-master` */
  master(generation: number): Uint8Array;
  /** 32 bytes, HKDF-SHA-256 (RFC 5869) of the server's secret, one per purpose. */
  derivedKey(purpose: Purpose): Uint8Array;
  /** Keyed hash of a value for the allowance table, so that its rows name nobody. 32 bytes. */
  hashKey(label: string, value: string): Uint8Array;
  /** Ed25519 secret keys, 32 bytes each. */
  readonly intakeSecretKey: Uint8Array;
  readonly receiptSecretKey: Uint8Array;
}

/**
 * Opens the keyring at `path`, making it on first use, with `today` as its first master's day. Masters are read anew
 * when a rotation has replaced the file.
 */
export function openKeyring(path: string, today: string): Keyring {
  return keyringOver(() => readOrMakeKeyring(path, today));
}

/** A keyring that is nowhere but in memory, for tests and measures. */
export function memoryKeyring(): Keyring {
  const file = newKeyring("2000-01-01");
  return keyringOver(() => file);
}

function keyringOver(read: () => KeyringFile): Keyring {
  let file = read();
  const secret = decode(file.secretB64);
  const derivedKey = (purpose: Purpose) =>
    new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(), `commonplace/custody/v1/${purpose}`, 32));
  const allowanceKey = derivedKey("allowance");
  const find = (generation: number) => {
    const known = () => file.masters.find((master) => master.generation === generation);
    // Another process may have rotated since: look at the file once more before giving up.
    if (!known()) file = read();
    return known();
  };
  return {
    get currentGeneration() {
      file = read();
      return file.current;
    },
    hasMaster: (generation) => find(generation) !== undefined,
    master(generation) {
      const master = find(generation);
      if (!master) throw new CustodyFault("no-master");
      return decode(master.keyB64);
    },
    derivedKey,
    hashKey: (label, value) =>
      new Uint8Array(createHmac("sha256", allowanceKey).update(`${label.length}:${label}${value}`).digest()),
    intakeSecretKey: decode(file.intakeSecretB64),
    receiptSecretKey: decode(file.receiptSecretB64),
  };
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
