/** The numbers of PostgreSQL advisory locks, all in one place: two that were alike would wait for each other. */

export const migrationLock = 7_266_801;
/** Taken alone while a new master becomes current; whoever wraps a new key shares it. */
export const rotationLock = 7_266_802;
/** One process rotates. */
export const rotationLeaderLock = 7_266_803;
/** One process sweeps. */
export const sweepLeaderLock = 7_266_804;
/** One process loads the sample into an empty database. */
export const firstLoadLock = 7_266_805;
/** The first half of a lock by which two addresses show that they lead to one server. */
export const separationLock = 7_266_806;
