/** Wraps every vault's keys under the current master, in batches that each hold or fall by themselves. */
import type { Database, Transaction } from "@/db/connection";
import { commitToDisk, countKeysBefore, lockKeysBefore, type PlacedKey, rewrapKeys } from "@/db/vault-keys";
import { type MasterKey, masterKeyFrom, unwrapKey, wrapKey } from "@/lib/vault/envelope";
import { secureRandom } from "@/lib/vault/random-bytes";
import { CustodyFault } from "./custody-fault";
import type { KeyringContents } from "./keyring-contents";

export interface RewrapMeans {
  db: Database;
  keysPerBatch: number;
  afterBatch: () => Promise<void>;
  /** Told after each batch: keys done, and how many there were to do when it began. */
  onProgress: (done: number, total: number) => void;
}

/** `refused`: keys that do not open, because they are damaged or their master is gone. They stay as they are. */
export interface Rewrapped {
  rewrapped: number;
  refused: number;
}

/** May be cut off after any batch: the next run finds what is left by its generation. */
export async function rewrapOlderKeys(means: RewrapMeans, contents: KeyringContents): Promise<Rewrapped> {
  const masters = mastersOf(contents);
  const counts = { rewrapped: 0, refused: 0 };
  const total = await countKeysBefore(means.db, contents.current);
  let last: PlacedKey | null = null;
  do {
    const after: PlacedKey | null = last;
    const batch = await means.db.transaction(async (tx) => {
      await commitToDisk(tx);
      const keys = await lockKeysBefore(tx, contents.current, means.keysPerBatch, after);
      return { keys, rewrapped: await rewrapBatch(tx, contents.current, masters, keys) };
    });
    counts.rewrapped += batch.rewrapped;
    counts.refused += batch.keys.length - batch.rewrapped;
    last = batch.keys.at(-1) ?? null;
    if (last) {
      means.onProgress(counts.rewrapped + counts.refused, total);
      await means.afterBatch();
    }
  } while (last);
  return counts;
}

async function rewrapBatch(
  tx: Transaction,
  generation: number,
  masters: Map<number, MasterKey>,
  keys: PlacedKey[],
): Promise<number> {
  const current = masters.get(generation);
  if (!current) throw new CustodyFault("no-master");
  const fresh = keys.flatMap((key) => {
    const { vaultId, keyId } = key;
    const master = masters.get(key.generation);
    const opened = master && unwrapKey(master, key, key.wrapped);
    if (!opened?.ok) return [];
    const wrapped = wrapKey(current, { generation, vaultId, keyId }, opened.bytes, secureRandom);
    opened.bytes.fill(0);
    return [{ vaultId, keyId, wrapped }];
  });
  await rewrapKeys(tx, generation, fresh);
  return fresh.length;
}

function mastersOf({ masters }: KeyringContents): Map<number, MasterKey> {
  return new Map(
    masters.map(({ generation, keyB64 }) => [
      generation,
      masterKeyFrom(new Uint8Array(Buffer.from(keyB64, "base64"))),
    ]),
  );
}
