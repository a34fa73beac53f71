/** A new passphrase slot's OPRF key on its way from the first half of set-up to the second, sealed by the server to itself. */
import { masterKeyFrom } from "@/lib/vault/envelope";
import type { OprfKey } from "@/lib/vault/oprf-server";
import { oprfKeyFrom } from "@/lib/vault/oprf-server";
import { secureRandom } from "@/lib/vault/random-bytes";
import { openBlob, sealBlob } from "@/lib/vault/sealed-blob";
import type { Keyring } from "./keyring";

export interface TicketPlace {
  vaultId: string;
  slotId: string;
}

const lifetimeMs = 60 * 60 * 1000;
const keyBytes = 32;

/**
 * generation (u32 big-endian) ‖ blob of (key ‖ expiry in milliseconds, u64). Under the current master, so that it is
 * as dead as the vault's own rows once that master is destroyed; nothing is stored for it.
 */
export async function sealOprfTicket(
  keyring: Keyring,
  place: TicketPlace,
  key: OprfKey,
  now: Date,
): Promise<Uint8Array> {
  const { generation, key: master } = await keyring.currentMaster();
  const plaintext = new Uint8Array(keyBytes + 8);
  plaintext.set(key);
  new DataView(plaintext.buffer).setBigUint64(keyBytes, BigInt(now.getTime() + lifetimeMs));
  const blob = sealBlob(masterKeyFrom(master), blobPlace(place, generation), plaintext, secureRandom);
  const ticket = new Uint8Array(4 + blob.length);
  new DataView(ticket.buffer).setUint32(0, generation);
  ticket.set(blob, 4);
  return ticket;
}

/** Null for a ticket that has expired, is for another slot, or was not made by this server. */
export async function openOprfTicket(
  keyring: Keyring,
  place: TicketPlace,
  ticket: Uint8Array,
  now: Date,
): Promise<OprfKey | null> {
  if (ticket.length < 4) return null;
  const generation = new DataView(ticket.buffer, ticket.byteOffset).getUint32(0);
  const master = await keyring.findMaster(generation);
  if (!master) return null;
  const opened = openBlob(masterKeyFrom(master), blobPlace(place, generation), ticket.subarray(4));
  if (!opened.ok || opened.bytes.length !== keyBytes + 8) return null;
  const expiry = new DataView(opened.bytes.buffer, opened.bytes.byteOffset).getBigUint64(keyBytes);
  if (expiry < BigInt(now.getTime())) return null;
  return oprfKeyFrom(opened.bytes.slice(0, keyBytes));
}

function blobPlace({ vaultId, slotId }: TicketPlace, generation: number) {
  return { kind: "oprf-ticket", vaultId, epoch: 0, objectId: slotId, revision: generation };
}
