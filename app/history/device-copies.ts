/** The sealed copies that this device keeps of its readers' histories, in IndexedDB: one record a vault, under its random id. */
import type { DeviceCopy, DeviceMemory } from "@/lib/vault/vault-contents";
import { z } from "./page-schemas";

const databaseName = "commonplace-own-device";
const storeName = "copies";

const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);
const copySchema = z.object({
  vaultId: z.string(),
  epoch: z.int(),
  sequence: z.int(),
  manifestHash: bytes,
  manifest: bytes,
  chapters: z.array(z.object({ id: z.string(), revision: z.int(), blob: bytes })),
}) satisfies z.ZodType<DeviceCopy>;

/** A promise of one request; it fails where the browser keeps nothing, in a private window say. */
function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Null when there is no database and none is to be made: a shared computer must not even have an empty one. */
async function open(making: boolean): Promise<IDBDatabase | null> {
  const request = indexedDB.open(databaseName, 1);
  let isAbsent = false;
  request.onupgradeneeded = () => {
    if (making) return void request.result.createObjectStore(storeName, { keyPath: "vaultId" });
    isAbsent = true;
    request.transaction?.abort();
  };
  try {
    const database = await answerOf(request);
    // Another tab may be about to delete it.
    database.onversionchange = () => database.close();
    return database;
  } catch (cause) {
    if (isAbsent) return null;
    throw cause;
  }
}

type Mode = "readonly" | "readwrite";

/** `otherwise`: when nothing is kept here, and when the browser refuses. */
async function within<T>(mode: Mode, otherwise: T, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  try {
    const database = await open(false);
    if (database === null) return otherwise;
    try {
      return await work(database.transaction(storeName, mode).objectStore(storeName));
    } finally {
      database.close();
    }
  } catch {
    return otherwise;
  }
}

function readCopy(record: unknown): DeviceCopy | null {
  const read = copySchema.safeParse(record);
  return read.success ? read.data : null;
}

export const deviceCopies: DeviceMemory = {
  recall: (vaultId) =>
    within("readonly", null, async (store) => readCopy(await answerOf(store.get(vaultId)))),
  async keep(copy) {
    try {
      (await open(true))?.close();
    } catch {
      return false;
    }
    return within("readwrite", false, async (store) => {
      await answerOf(store.put(copy));
      return true;
    });
  },
  update: (copy) =>
    within("readwrite", undefined, async (store) => {
      const kept = readCopy(await answerOf(store.get(copy.vaultId)));
      if (kept !== null && kept.sequence <= copy.sequence) await answerOf(store.put(copy));
    }),
  async forget(vaultId) {
    const left = await within("readwrite", 0, async (store) => {
      await answerOf(store.delete(vaultId));
      return answerOf(store.count());
    });
    if (left === 0) await answerOf(indexedDB.deleteDatabase(databaseName)).catch(() => {});
  },
};

export function hasCopy(vaultId: string): Promise<boolean> {
  return within("readonly", false, async (store) => (await answerOf(store.count(vaultId))) > 0);
}

export function hasAnyCopy(): Promise<boolean> {
  return within("readonly", false, async (store) => (await answerOf(store.count())) > 0);
}
