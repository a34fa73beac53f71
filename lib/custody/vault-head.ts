/** The head of a vault: what the server must know to seal for it and to check its patron's writes. Stored under the envelope. */
import { z } from "zod";
import { fromB64, toB64 } from "@/lib/vault/base64";
import { envelopeOpen, envelopeSeal, type ShredKey } from "@/lib/vault/envelope";
import { secureRandom } from "@/lib/vault/random-bytes";
import { CustodyFault } from "./custody-fault";

export interface VaultHead {
  epoch: number;
  /** The manifest's sequence number; writes compare and swap on it. */
  sequence: number;
  recipient: string;
  signPublicKey: Uint8Array;
  /** Chain hash of the last entry sealed into the inbox, 32 bytes. */
  inboxTail: Uint8Array;
  /**
   * Absent until the vault is started afresh; then the entry key of its first shred key, 32 bytes. With another one, the
   * return of a loan that was out then would be an entry of its own, and a removed entry could come back.
   */
  entryKey?: Uint8Array | undefined;
}

const bytes32 = z.string().transform((text, context) => {
  const decoded = fromB64(text);
  if (decoded?.length === 32) return decoded;
  context.addIssue("not 32 bytes");
  return z.NEVER;
});

const headSchema = z
  .object({
    version: z.literal(1),
    epoch: z.int().min(1),
    sequence: z.int().min(1),
    recipient: z.string(),
    signPublicKey: bytes32,
    inboxTail: bytes32,
    entryKey: bytes32.optional(),
  })
  .strict();

/** Every head is stored at this length, so that it does not tell how often its vault was opened. */
const paddedBytes = 2560;

const place = (vaultId: string) => ({ kind: "head", vaultId, rowId: vaultId });

export function sealHead(shredKey: ShredKey, vaultId: string, head: VaultHead): Uint8Array {
  const text = JSON.stringify({
    version: 1,
    ...head,
    signPublicKey: toB64(head.signPublicKey),
    inboxTail: toB64(head.inboxTail),
    ...(head.entryKey ? { entryKey: toB64(head.entryKey) } : {}),
  });
  return envelopeSeal(
    shredKey,
    place(vaultId),
    new TextEncoder().encode(text.padEnd(paddedBytes)),
    secureRandom,
  );
}

/** @throws CustodyFault `row-refused` */
export function openHead(shredKey: ShredKey, vaultId: string, body: Uint8Array): VaultHead {
  const opened = envelopeOpen(shredKey, place(vaultId), body);
  if (!opened.ok) throw new CustodyFault("row-refused");
  try {
    return headSchema.parse(JSON.parse(new TextDecoder().decode(opened.bytes)));
  } catch (cause) {
    throw new CustodyFault("row-refused", { cause });
  }
}
