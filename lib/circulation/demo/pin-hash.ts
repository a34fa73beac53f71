/** Hashes a demo patron's PIN with scrypt, and checks one in the same time whether or not the card exists. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

// About 50 ms and 16 MiB a check. A PIN of four digits is weak at any price: the attempt limits protect it.
const cost: ScryptOptions = { N: 16_384, r: 8, p: 1 };
const hashBytes = 32;

/** `saltB64:hashB64` */
export async function hashPin(pin: string, salt: Uint8Array = randomBytes(16)): Promise<string> {
  const hash = await derive(pin, salt);
  return `${Buffer.from(salt).toString("base64")}:${hash.toString("base64")}`;
}

/** False for a null hash, after the same work as for a real one. */
export async function checkPin(pin: string, stored: string | null): Promise<boolean> {
  const [saltB64 = "", hashB64 = ""] = (stored ?? decoy).split(":");
  const hash = await derive(pin, Buffer.from(saltB64, "base64"));
  const expected = Buffer.from(hashB64, "base64");
  const same = expected.byteLength === hash.byteLength && timingSafeEqual(hash, expected);
  return same && stored !== null;
}

const decoy = `${Buffer.alloc(16).toString("base64")}:${Buffer.alloc(hashBytes).toString("base64")}`;

function derive(pin: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin.normalize("NFKC"), salt, hashBytes, cost, (fault, hash) =>
      fault ? reject(fault) : resolve(hash),
    );
  });
}
