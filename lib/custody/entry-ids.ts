/** Names current loans as the intake names their events, so that in the browser both are one entry. */
import { entryId } from "@/lib/vault/loan-mark";
import { type Custody, findKnownVault } from "./custody";
import { entryKeyOfVault } from "./inbox";

/** By loan id. Null when the patron has no vault. */
export async function entryIdsOf(
  custody: Custody,
  patronId: string,
  loanIds: string[],
): Promise<Map<string, string> | null> {
  const vault = await findKnownVault(custody, patronId);
  if (vault === null) return null;
  const key = entryKeyOfVault(vault);
  return new Map(loanIds.map((loanId) => [loanId, entryId(key, loanId)]));
}
