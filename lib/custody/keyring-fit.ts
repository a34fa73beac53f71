/** Whether a keyring belongs to a database. Under another one no patron's vault would be found, and their loans be lost in silence. */
import type { Database } from "@/db/connection";
import { countVaultsOutside, generationsInUse, sampleKeys } from "@/db/vault-keys";
import { masterKeyFrom, unwrapKey } from "@/lib/vault/envelope";
import type { Misfit } from "./custody-fault";
import type { KeyringContents } from "./keyring-contents";

export type KeyringFit =
  | {
      ok: true;
      /** Vaults under masters that have been destroyed since: nobody can open them, by design. */
      unreadableVaults: number;
    }
  | {
      ok: false;
      why: Misfit;
      /** Generations that the database's keys need, oldest first. */
      needed: number[];
    };

const keysPerSample = 20;

/**
 * One key that opens is proof enough: damaged or orphaned rows must not keep the others' old masters alive. But a key
 * under a later master than the keyring's current one means that the keyring is an old copy: nothing may go on under it,
 * since its next masters would take the numbers of those that are missing.
 */
export async function examineFit(db: Database, contents: KeyringContents | null): Promise<KeyringFit> {
  const needed = await generationsInUse(db);
  const newest = needed.at(-1);
  if (newest === undefined) return { ok: true, unreadableVaults: 0 };
  if (!contents) return { ok: false, why: "keyring-missing", needed };
  if (newest > contents.current) return { ok: false, why: "keyring-older", needed };
  const held = contents.masters.filter(({ generation }) => needed.includes(generation));
  if (held.length === 0) return { ok: false, why: "database-older", needed };
  for (const { generation, keyB64 } of held) {
    const master = masterKeyFrom(new Uint8Array(Buffer.from(keyB64, "base64")));
    const sample = await sampleKeys(db, generation, keysPerSample);
    if (!sample.some((stored) => unwrapKey(master, stored, stored.wrapped).ok)) continue;
    const kept = held.map((one) => one.generation);
    return { ok: true, unreadableVaults: await countVaultsOutside(db, kept) };
  }
  return { ok: false, why: "keyring-of-another-database", needed };
}
