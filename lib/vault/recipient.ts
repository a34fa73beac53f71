/** Recipients as the sealing side sees them: is this one, and one that belongs to nobody. */
import { Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";

/** True when something can be sealed to it: one bad recipient must never stop a batch of other patrons' loans. */
export async function isRecipient(recipient: string): Promise<boolean> {
  if (!recipient.startsWith("age1pq1")) return false;
  try {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    await encrypter.encrypt(new Uint8Array(1));
    return true;
  } catch {
    return false;
  }
}

/** A hybrid recipient whose identity is forgotten at once: what is sealed to it is waste, and costs what a seal costs. */
export async function newDecoyRecipient(): Promise<string> {
  return identityToRecipient(await generateHybridIdentity());
}
