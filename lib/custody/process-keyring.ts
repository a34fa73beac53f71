/** The keyring of this server process: opened once, before the first answer, and then at hand without waiting. */
import { CustodyFault } from "./custody-fault";
import type { Keyring } from "./keyring";

declare global {
  var commonplaceKeyring: Keyring | undefined;
}

/** Kept on globalThis, because bundles load this module more than once in a process. */
export function takeUpKeyring(keyring: Keyring): void {
  globalThis.commonplaceKeyring = keyring;
}

/** @throws CustodyFault `keyring-missing` in a process that has not been started as a server. */
export function processKeyring(): Keyring {
  if (!globalThis.commonplaceKeyring) throw new CustodyFault("keyring-missing");
  return globalThis.commonplaceKeyring;
}
