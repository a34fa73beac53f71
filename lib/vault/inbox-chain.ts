/** The chain of a vault's inbox: each sealed entry carries the hash of the one before, so that a missing one shows. */
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefix, vaultDomain } from "./length-prefix";

/** What a vault's first entry names as its previous: SHA-256 of `LP(DS, "inbox-genesis", vault id, epoch)`. 32 bytes. */
export function genesisHash(vaultId: string, epoch: number): Uint8Array {
  return sha256(lengthPrefix(vaultDomain, "inbox-genesis", vaultId, epoch));
}

/** SHA-256 of the sealed bytes, without the server's envelope. 32 bytes. */
export function chainHash(sealed: Uint8Array): Uint8Array {
  return sha256(sealed);
}
