/** What every act of custody needs: the database and the keyring, and one vault opened as far as the server can. */
import type { Database, Queryable } from "@/db/connection";
import { insertKeys, keepKeys, readKey, readKeysOf, type StoredKey } from "@/db/vault-keys";
import { findVault, type StoredVault } from "@/db/vaults";
import {
  envelopeOpen,
  envelopeSeal,
  masterKeyFrom,
  newShredKey,
  type RowPlace,
  type ShredKey,
  shredKeyFrom,
  unwrapKey,
  wrapKey,
} from "@/lib/vault/envelope";
import { patronHandle } from "@/lib/vault/patron-handle";
import { secureRandom } from "@/lib/vault/random-bytes";
import { CustodyFault, isDamage } from "./custody-fault";
import type { Keyring } from "./keyring";
import { openHead, type VaultHead } from "./vault-head";

export interface Custody {
  db: Database;
  keyring: Keyring;
}

/** The key id under which a vault's shred key is stored; OPRF keys are stored under their slot's id. */
const shredKeyId = "shred";

/** A vault with its envelope opened: what the server may see of it, which is nothing that it could read. */
export interface KnownVault {
  id: string;
  shredKey: ShredKey;
  head: VaultHead;
}

export function handleOf(keyring: Keyring, patronId: string): Uint8Array {
  return patronHandle(keyring.derivedKey("handle"), patronId);
}

/** @throws CustodyFault `no-master` or `row-refused`. */
export async function knowVault(db: Queryable, keyring: Keyring, stored: StoredVault): Promise<KnownVault> {
  return open(keyring, stored, await readShredKey(db, stored.id));
}

/** The patron's vault, head and key from one moment: they change together when it is started afresh. */
export async function findKnownVault({ db, keyring }: Custody, patronId: string): Promise<KnownVault | null> {
  return db.transaction(
    async (tx) => {
      const stored = await findVault(tx, handleOf(keyring, patronId));
      return stored && knowVault(tx, keyring, stored);
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

/**
 * Several vaults at once. One whose key or head does not open is left out: nothing can be sealed for it, and it must
 * not stop the others.
 */
export async function knowVaults(
  db: Queryable,
  keyring: Keyring,
  stored: StoredVault[],
): Promise<KnownVault[]> {
  const keys = await readKeysOf(
    db,
    stored.map(({ id }) => id),
    shredKeyId,
  );
  const known: KnownVault[] = [];
  for (const vault of stored) {
    const key = keys.find(({ vaultId }) => vaultId === vault.id);
    const opened = key && (await tryOpening(db, keyring, vault, key));
    if (opened) known.push(opened);
  }
  return known;
}

/** A rotation may have wrapped the key anew and destroyed its master since it was read: then it is read once more. */
async function tryOpening(
  db: Queryable,
  keyring: Keyring,
  stored: StoredVault,
  key: StoredKey,
): Promise<KnownVault | null> {
  try {
    return await open(keyring, stored, key).catch(async (fault) => {
      if (!(fault instanceof CustodyFault && fault.code === "no-master")) throw fault;
      return open(keyring, stored, await readShredKey(db, stored.id));
    });
  } catch (fault) {
    if (isDamage(fault)) return null;
    throw fault;
  }
}

async function readShredKey(db: Queryable, vaultId: string): Promise<StoredKey> {
  const key = await readKey(db, vaultId, shredKeyId);
  if (!key) throw new CustodyFault("row-refused");
  return key;
}

async function open(keyring: Keyring, stored: StoredVault, key: StoredKey): Promise<KnownVault> {
  const shredKey = shredKeyFrom(await unwrap(keyring, stored.id, key));
  return { id: stored.id, shredKey, head: openHead(shredKey, stored.id, stored.head) };
}

/** Unwraps a slot's OPRF key; null when the slot has none. */
export async function readOprfKey(
  db: Queryable,
  keyring: Keyring,
  vaultId: string,
  slotId: string,
): Promise<Uint8Array | null> {
  const key = slotId === shredKeyId ? null : await readKey(db, vaultId, slotId);
  return key && unwrap(keyring, vaultId, key);
}

/**
 * Makes the shred key of a new vault and stores it with its slot's OPRF key.
 * The caller's transaction must share `rotationLock`.
 */
export async function storeNewKeys(
  db: Queryable,
  keyring: Keyring,
  vaultId: string,
  shredKey: ShredKey,
  oprf: { slotId: string; key: Uint8Array },
): Promise<void> {
  await storeKeys(db, keyring, vaultId, { [shredKeyId]: shredKey, [oprf.slotId]: oprf.key });
}

/**
 * Makes the kept slots' OPRF keys, and the new slot's if it has one, the only ones of the vault.
 * The caller's transaction must share `rotationLock`.
 */
export async function replaceOprfKeys(
  db: Queryable,
  keyring: Keyring,
  vaultId: string,
  keptSlotIds: string[],
  added: { slotId: string; key: Uint8Array } | null,
): Promise<void> {
  await keepKeys(db, vaultId, [shredKeyId, ...keptSlotIds]);
  if (added) await storeKeys(db, keyring, vaultId, { [added.slotId]: added.key });
}

/**
 * Makes a new shred key and the one new slot's OPRF key the only keys of the vault. What was sealed under the old shred key
 * is unreadable from then on. The caller's transaction must share `rotationLock`.
 */
export async function replaceAllKeys(
  db: Queryable,
  keyring: Keyring,
  vaultId: string,
  shredKey: ShredKey,
  oprf: { slotId: string; key: Uint8Array },
): Promise<void> {
  await keepKeys(db, vaultId, []);
  await storeNewKeys(db, keyring, vaultId, shredKey, oprf);
}

async function storeKeys(
  db: Queryable,
  keyring: Keyring,
  vaultId: string,
  keys: Record<string, Uint8Array>,
): Promise<void> {
  const { generation, key: current } = await keyring.currentMaster();
  const master = masterKeyFrom(current);
  const wrap = ([keyId, key]: [string, Uint8Array]): StoredKey => ({
    keyId,
    generation,
    wrapped: wrapKey(master, { generation, vaultId, keyId }, key, secureRandom),
  });
  await insertKeys(db, vaultId, Object.entries(keys).map(wrap));
}

export function makeShredKey(): ShredKey {
  return newShredKey(secureRandom);
}

export function sealRow(shredKey: ShredKey, place: RowPlace, bytes: Uint8Array): Uint8Array {
  return envelopeSeal(shredKey, place, bytes, secureRandom);
}

/** Null when the row is damaged, was moved, or was written by somebody else. */
export function tryRow(shredKey: ShredKey, place: RowPlace, body: Uint8Array): Uint8Array | null {
  const opened = envelopeOpen(shredKey, place, body);
  return opened.ok ? opened.bytes : null;
}

async function unwrap(keyring: Keyring, vaultId: string, key: StoredKey): Promise<Uint8Array> {
  const master = masterKeyFrom(await keyring.master(key.generation));
  const opened = unwrapKey(master, { generation: key.generation, vaultId, keyId: key.keyId }, key.wrapped);
  if (!opened.ok) throw new CustodyFault("row-refused");
  return opened.bytes;
}
