/** One patron's vault in the browser's worker: set up, unlock, merge, show, remove, export, lock. */
import type { RandomBytes } from "../random-bytes";
import type { VaultSession } from "../unlocked-history";
import type { VaultServer } from "../vault-contents";

export interface SessionWorld {
  server: VaultServer;
  random: RandomBytes;
  /** Today as an ISO 8601 calendar date. */
  today: () => string;
}

export declare function openVaultSession(world: SessionWorld): VaultSession;
