/** Seals one loan event to a vault's recipient. The server can close, never open. */
import { Encrypter } from "age-encryption";
import { type LoanEntry, writeLoanEntry } from "./loan-entry";
import type { SigningKey } from "./signature";
import { VaultFault } from "./vault-fault";

/** An age file, 2,683 bytes, whatever the loan. */
export type SealedEntry = Uint8Array & { readonly __brand: "SealedEntry" };

/**
 * An age v1 file to one hybrid recipient (ML-KEM-768 + X25519, `age1pq1…`), around the 1,024 bytes of `writeLoanEntry`.
 * Takes about 3 ms of CPU: call it on a worker thread. Its randomness is the platform's own.
 * @throws VaultFault `bad-recipient` when the recipient is not of that kind.
 */
export async function sealEntry(
  entry: LoanEntry,
  recipient: string,
  intakeKey: SigningKey,
): Promise<SealedEntry> {
  const plaintext = writeLoanEntry(entry, intakeKey);
  const encrypter = new Encrypter();
  try {
    if (!recipient.startsWith("age1pq1")) throw new Error("not a hybrid recipient");
    encrypter.addRecipient(recipient);
  } catch (cause) {
    throw new VaultFault("bad-recipient", "A vault's recipient is an age hybrid recipient.", { cause });
  }
  return (await encrypter.encrypt(plaintext)) as SealedEntry;
}
