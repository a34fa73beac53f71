/** Deletes a vault: its keys first of all, with them every copy of its rows, and gives the patron a receipt. */
import { deleteVaultRow } from "@/db/vaults";
import { type DeletionReceipt, destroyedKinds, signReceipt } from "@/lib/vault/receipt";
import { signingKeyFrom, signingPublicKey } from "@/lib/vault/signature";
import { type Custody, handleOf } from "./custody";

export const policyVersion = "2026-11";
/** The master that wrapped the keys in older backups is destroyed by the next daily rotation. */
const horizonDays = 2;

export type DeletionOutcome = { ok: true; receipt: DeletionReceipt } | { ok: false; why: "no-vault" };

/** One transaction: keys, slots, manifest, chapters, inbox and marks are all gone, or nothing is. */
export async function deleteVault(
  custody: Custody,
  patronId: string,
  today: string,
): Promise<DeletionOutcome> {
  const deleted = await deleteVaultRow(custody.db, handleOf(custody.keyring, patronId));
  if (!deleted) return { ok: false, why: "no-vault" };
  const horizon = new Date(`${today}T00:00:00Z`);
  horizon.setUTCDate(horizon.getUTCDate() + horizonDays);
  const receipt = signReceipt(
    {
      day: today,
      destroyed: [...destroyedKinds],
      horizonDay: horizon.toISOString().slice(0, 10),
      policyVersion,
    },
    signingKeyFrom(custody.keyring.receiptSecretKey),
  );
  return { ok: true, receipt };
}

/** Ed25519, 32 bytes: what every receipt of this library is signed with. */
export function receiptPublicKey({ keyring }: Pick<Custody, "keyring">): Uint8Array {
  return signingPublicKey(signingKeyFrom(keyring.receiptSecretKey));
}
