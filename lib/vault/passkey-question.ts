/** What is asked of a passkey, and how it lies in its slot: readable before unlocking, by the signed-in patron's page. */
import { lengthPrefix, vaultDomain } from "./length-prefix";
import type { RandomBytes } from "./random-bytes";
import type { Slot } from "./vault-contents";
import { VaultFault } from "./vault-fault";

export interface PasskeyQuestion {
  /** 32 random bytes, of this slot alone. */
  salt: Uint8Array;
  /** WebAuthn allows 1,023 bytes. */
  credentialId: Uint8Array;
  /** The host at which the passkey was made (its RP ID). It answers at no other. */
  host: string;
}

const slotVersion = 1;
export const passkeySaltBytes = 32;
const lengthBytes = 2;
const mostCredentialBytes = 1023;
const mostHostBytes = 253;
export const passkeyHeadBytes =
  passkeySaltBytes + lengthBytes + mostCredentialBytes + lengthBytes + mostHostBytes;

export function newPasskeySalt(random: RandomBytes): Uint8Array {
  return random(passkeySaltBytes);
}

/**
 * The two inputs of the PRF (WebAuthn Level 3, §10.1.4): `LP(DS, "passkey-prf", "first"｜"second", salt)`. Two, because
 * an authenticator gives 32 bytes for each; and a salt per slot, so that a new slot of the same passkey is another key.
 */
export function prfInputs(salt: Uint8Array): { first: Uint8Array; second: Uint8Array } {
  const input = (which: string) => lengthPrefix(vaultDomain, "passkey-prf", which, salt);
  return { first: input("first"), second: input("second") };
}

/**
 * Salt ‖ length of the credential id (u16) ‖ credential id ‖ length of the host (u16) ‖ host ‖ zeros: always 1,312 bytes,
 * because the length of a credential id tells whose make an authenticator is.
 */
export function passkeyHead({ salt, credentialId, host }: PasskeyQuestion): Uint8Array {
  const hostBytes = new TextEncoder().encode(host);
  const fits =
    salt.length === passkeySaltBytes &&
    credentialId.length > 0 &&
    credentialId.length <= mostCredentialBytes &&
    hostBytes.length <= mostHostBytes;
  if (!fits) throw new VaultFault("misuse", "A passkey's salt, credential id or host has another length.");
  const head = new Uint8Array(passkeyHeadBytes);
  const view = new DataView(head.buffer);
  head.set(salt);
  view.setUint16(passkeySaltBytes, credentialId.length);
  head.set(credentialId, passkeySaltBytes + lengthBytes);
  const hostAt = passkeySaltBytes + lengthBytes + credentialId.length;
  view.setUint16(hostAt, hostBytes.length);
  head.set(hostBytes, hostAt + lengthBytes);
  return head;
}

/** Null for a slot of another kind or version, or with a head that cannot be one. Nothing here is authenticated yet. */
export function readPasskeyQuestion(slot: Slot): PasskeyQuestion | null {
  if (slot.kind !== "passkey" || slot.blob[0] !== slotVersion) return null;
  const head = slot.blob.subarray(1, 1 + passkeyHeadBytes);
  if (head.length < passkeyHeadBytes) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const credentialAt = passkeySaltBytes + lengthBytes;
  const credentialLength = view.getUint16(passkeySaltBytes);
  if (credentialLength === 0 || credentialLength > mostCredentialBytes) return null;
  const hostAt = credentialAt + credentialLength;
  const hostLength = view.getUint16(hostAt);
  if (hostLength > mostHostBytes) return null;
  const host = readText(head.subarray(hostAt + lengthBytes, hostAt + lengthBytes + hostLength));
  if (host === null) return null;
  const question = {
    salt: head.slice(0, passkeySaltBytes),
    credentialId: head.slice(credentialAt, hostAt),
    host,
  };
  // One way to write each question: so the slot key, which depends on the question, depends on every byte of the head.
  const rewritten = passkeyHead(question);
  return head.every((byte, at) => byte === rewritten[at]) ? question : null;
}

/** Null for what is not UTF-8: a replaced character may be longer than what it stands for. */
function readText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
