/** The one error of the vault's cryptography: a broken invariant, never an expected outcome. */

export type VaultFaultCode =
  /** The caller gave bytes or a number that no correct caller can have. */
  | "misuse"
  /** Authenticated plaintext does not have the shape that its version promises. */
  | "malformed"
  /** The library's public values do not fit the format. */
  | "bad-recipient";

export class VaultFault extends Error {
  override readonly name = "VaultFault";
  constructor(
    readonly code: VaultFaultCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
