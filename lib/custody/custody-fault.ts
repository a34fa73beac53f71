/** What can go wrong in the server's custody of vaults, as closed codes. */

/** How keyring and database do not belong together. */
export type Misfit =
  /** The database holds keys, and there is no keyring. */
  | "keyring-missing"
  /** The database holds keys under a later master than any that this keyring ever had. */
  | "keyring-older"
  /** Every master that the database needs has been replaced since, and destroyed. */
  | "database-older"
  /** The numbers agree, and not one key opens. */
  | "keyring-of-another-database";

export type CustodyFaultCode =
  | "keyring-unreadable"
  | "keyring-unwritable"
  /** The keyring's database does not answer. */
  | "keyring-unreachable"
  /** Another process has replaced the keyring since it was read. */
  | "keyring-changed"
  | Misfit
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
