/** Whether a keyring belongs to a database. Under another one no patron's vault would be found, and their loans be lost in silence. */
import type { Database } from "@/db/connection";
import { generationsInUse, sampleKeys } from "@/db/vault-keys";
import { masterKeyFrom, unwrapKey } from "@/lib/vault/envelope";
import type { KeyringFile } from "./keyring-file";

const keysPerSample = 20;

/** True when the database holds no keys yet, or some of them open. `file: null` is a keyring that is not there. */
export async function keyringFits(db: Database, file: KeyringFile | null): Promise<boolean> {
  const generations = await generationsInUse(db);
  for (const generation of generations) {
    const master = file?.masters.find((one) => one.generation === generation);
    if (!master) continue;
    const key = masterKeyFrom(new Uint8Array(Buffer.from(master.keyB64, "base64")));
    const sample = await sampleKeys(db, generation, keysPerSample);
    if (sample.some((stored) => unwrapKey(key, stored, stored.wrapped).ok)) return true;
  }
  return generations.length === 0;
}
