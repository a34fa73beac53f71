/** Leaves out of a vault's answer the chapters that the asking device has already, in these very bytes. */
import { sha256 } from "@noble/hashes/sha2.js";
import { toB64Url } from "./base64";
import type { KnownVault, VaultSnapshot } from "./vault-contents";

/** What is known of another vault, or not at all, leaves out nothing. */
export function leaveOutKnown<V extends VaultSnapshot | null>(
  vault: V,
  known: KnownVault | undefined,
): { vault: V; unchanged: string[] } {
  if (vault === null || known === undefined || known.vaultId !== vault.vaultId)
    return { vault, unchanged: [] };
  const hashes = new Map(known.chapters.map(({ id, sha256: hash }) => [id, toB64Url(hash)]));
  const isKnown = ({ id, blob }: { id: string; blob: Uint8Array }) =>
    hashes.get(id) === toB64Url(sha256(blob));
  return {
    vault: { ...vault, chapters: vault.chapters.filter((chapter) => !isKnown(chapter)) },
    unchanged: vault.chapters.filter(isKnown).map(({ id }) => id),
  };
}
