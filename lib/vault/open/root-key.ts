/** The vault's root key, and the keys of one epoch that come from it. It lives in the worker's memory only. */
import "./marker";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefix, vaultDomain } from "../length-prefix";
import type { RandomBytes } from "../random-bytes";
import { type SigningKey, signingKeyFrom, signingPublicKey } from "../signature";
import { VaultFault } from "../vault-fault";
import { identityFromSeed, recipientOf } from "./inbox-identity";

/** 32 random bytes, one per epoch. */
export type RootKey = Uint8Array & { readonly __brand: "RootKey" };

export interface VaultKeys {
  identity: string;
  recipient: string;
  chapterKey: Uint8Array;
  manifestKey: Uint8Array;
  signingKey: SigningKey;
  signPublicKey: Uint8Array;
  /** Set by `forgetKeys`: whatever was sealed since then must not leave the worker. */
  forgotten: boolean;
}

export function newRootKey(random: RandomBytes): RootKey {
  return random(32) as RootKey;
}

/** Takes up the 32 bytes that a slot held. */
export function rootKeyFrom(bytes: Uint8Array): RootKey {
  if (bytes.length !== 32) throw new VaultFault("malformed", "A root key has 32 bytes.");
  return bytes as RootKey;
}

/** HKDF-SHA-256 (RFC 5869), salt = vault id in UTF-8, info = `LP(DS, label, epoch)`, 32 bytes. */
export function deriveKey(
  rootKey: RootKey,
  vaultId: string,
  epoch: number,
  label: "inbox" | "chapter" | "manifest" | "sign",
): Uint8Array {
  const salt = new TextEncoder().encode(vaultId);
  return hkdf(sha256, rootKey, salt, lengthPrefix(vaultDomain, label, epoch), 32);
}

/** All keys of one epoch. The root key may be overwritten afterwards. */
export async function deriveVaultKeys(rootKey: RootKey, vaultId: string, epoch: number): Promise<VaultKeys> {
  const seed = deriveKey(rootKey, vaultId, epoch, "inbox");
  const identity = identityFromSeed(seed);
  seed.fill(0);
  const signingKey = signingKeyFrom(deriveKey(rootKey, vaultId, epoch, "sign"));
  return {
    identity,
    recipient: await recipientOf(identity),
    chapterKey: deriveKey(rootKey, vaultId, epoch, "chapter"),
    manifestKey: deriveKey(rootKey, vaultId, epoch, "manifest"),
    signingKey,
    signPublicKey: signingPublicKey(signingKey),
    forgotten: false,
  };
}

/** Overwrites what can be overwritten; strings are left to the garbage collector. */
export function forgetKeys(keys: VaultKeys): void {
  keys.forgotten = true;
  keys.identity = "";
  for (const key of [keys.chapterKey, keys.manifestKey, keys.signingKey]) key.fill(0);
}
