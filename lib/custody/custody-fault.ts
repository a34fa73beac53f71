/** What can go wrong in the server's custody of vaults, as closed codes. */

export type CustodyFaultCode =
  | "keyring-unreadable"
  | "keyring-unwritable"
  /** The database holds keys, and none of them opens under this keyring's masters. */
  | "keyring-of-another-database"
  /** The master of that generation has been destroyed, or the keyring belongs to another database. */
  | "no-master"
  /** A stored row does not open under its vault's envelope key: damaged, moved or written by somebody else. */
  | "row-refused";

/** True when one vault cannot be opened as far as the server opens it: its head or its keys are damaged or lost. */
export function isDamage(fault: unknown): boolean {
  return fault instanceof CustodyFault && (fault.code === "row-refused" || fault.code === "no-master");
}

export class CustodyFault extends Error {
  constructor(
    readonly code: CustodyFaultCode,
    options?: ErrorOptions,
  ) {
    super(code, options);
    this.name = "CustodyFault";
  }
}
