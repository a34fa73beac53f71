/** What crosses between a browser and the server for one vault. Bytes stay bytes here; HTTP writes them as base64. */

export const slotKinds = ["passphrase", "recovery", "passkey"] as const;
export type SlotKind = (typeof slotKinds)[number];

/** So many, so that a vault's slots stay few; every other kind of slot a vault has exactly once. */
export const mostPasskeys = 6;

export interface Slot {
  id: string;
  kind: SlotKind;
  blob: Uint8Array;
}

export interface Chapter {
  id: string;
  revision: number;
  blob: Uint8Array;
}

/** A sealed loan event waiting to be opened. `id` is a random row id and says nothing. */
export interface InboxRow {
  id: string;
  sealed: Uint8Array;
}

export interface VaultSnapshot {
  vaultId: string;
  epoch: number;
  recipient: string;
  signPublicKey: Uint8Array;
  /** Ed25519 public key of the server's intake, pinned in the manifest when the vault is made. */
  intakePublicKey: Uint8Array;
  sequence: number;
  manifest: Uint8Array;
  slots: Slot[];
  chapters: Chapter[];
  inbox: InboxRow[];
}

/** The chapters that a device has already, by the SHA-256 of their sealed bytes: the server leaves out the very same ones. */
export interface KnownVault {
  vaultId: string;
  chapters: { id: string; sha256: Uint8Array }[];
}

/**
 * What a device keeps between unlocks: sealed bytes, and the last state that it saw. No slot: without one nothing opens it,
 * not with the passphrase or the recovery code either, so a copy is dead once its vault is deleted.
 */
export interface DeviceCopy {
  vaultId: string;
  epoch: number;
  sequence: number;
  manifestHash: Uint8Array;
  manifest: Uint8Array;
  chapters: Chapter[];
}

/** Where a device keeps its copies, one vault apart from another. No call throws. */
export interface DeviceMemory {
  /** Null when there is none, or none that can be read. */
  recall(vaultId: string): Promise<DeviceCopy | null>;
  /** Keeps this copy, in place of any other. False when the device does not. */
  keep(copy: DeviceCopy): Promise<boolean>;
  /** Replaces the copy, unless it was forgotten meanwhile, in another tab say, or is newer. */
  update(copy: DeviceCopy): Promise<void>;
  forget(vaultId: string): Promise<void>;
}

export interface VaultCreation {
  vaultId: string;
  epoch: number;
  recipient: string;
  signPublicKey: Uint8Array;
  slots: Slot[];
  /** Opaque: carries the passphrase slot's new OPRF key, sealed by the server to itself. */
  oprfTicket: Uint8Array;
  manifest: Uint8Array;
  signature: Uint8Array;
}

export interface VaultCommit {
  vaultId: string;
  epoch: number;
  /** Compare-and-swap: the sequence the stored manifest must still have. */
  previousSequence: number;
  /** The new sequence where it is not the next one: a history put right after a rollback goes on above both. */
  leapTo?: number | undefined;
  manifest: Uint8Array;
  chapters: Chapter[];
  droppedChapterIds: string[];
  openedInboxIds: string[];
  signature: Uint8Array;
}

/**
 * One new way to unlock, or none, in place of every way that is not named as kept: afterwards the vault has exactly the
 * new slot and the kept ones.
 */
export interface SlotChange {
  vaultId: string;
  epoch: number;
  previousSequence: number;
  /** The next manifest, which differs in its number, its chain and its slots' digest. */
  manifest: Uint8Array;
  /** Null to do no more than remove those that are not kept. */
  slot: Slot | null;
  keptSlotIds: string[];
  /** For a passphrase slot, and for no other: its OPRF key, as in a creation. */
  oprfTicket: Uint8Array | null;
  signature: Uint8Array;
}

/**
 * New keys for the whole vault, sent at once: the next epoch's recipient, signing key, two slots, table of contents and
 * chapters. What lay under the old ones is gone when it is stored.
 */
export interface Afresh {
  vaultId: string;
  /** The epoch that ends. The new one is this plus one. */
  epoch: number;
  previousSequence: number;
  recipient: string;
  signPublicKey: Uint8Array;
  /** One passphrase slot, one recovery slot, and no other. */
  slots: Slot[];
  oprfTicket: Uint8Array;
  manifest: Uint8Array;
  chapters: Chapter[];
  /** Every waiting row that was looked at: merged, or given up because it does not open. One that is not named stops it all. */
  settledInboxIds: string[];
  /** By the key of the epoch that ends. */
  signature: Uint8Array;
  /** By the new key over the same message: proof that the sender holds it. */
  proof: Uint8Array;
}

/** What the chapters of one fresh start may weigh together: about 230,000 loans. In base64 they still fit one request. */
export const maxAfreshChapterBytes = 16 * 1024 * 1024;

export type AfreshAnswer =
  | { ok: true }
  | { ok: false; why: "refused" | "too-large" | "no-vault" }
  /** Another device wrote, or a loan was sealed, since this one looked. */
  | { ok: false; why: "conflict" }
  /** The passphrase slot has to be made anew: its ticket's hour is over, or its master is destroyed. */
  | { ok: false; why: "stale-ticket" };

export type NotAnswered = { ok: false; why: "offline" | "signed-out" };

/** The server as the vault session sees it. The browser's implementation is `fetch`; tests use the real custody. */
export interface VaultServer {
  /** `vault: null` when the patron has none. `unchanged` names the known chapters that its snapshot leaves out. */
  fetchVault(known?: KnownVault): Promise<
    | { ok: true; vault: VaultSnapshot | null; unchanged?: string[] }
    /** There is one, and the server cannot take its own layer off: its head or its keys are damaged. */
    | { ok: false; why: "damaged" }
    | NotAnswered
  >;
  /** First half of a new passphrase slot: a fresh OPRF key, its answer to the blinded element, and the ticket. */
  prepareOprf(
    vaultId: string,
    slotId: string,
    blinded: Uint8Array,
  ): Promise<
    | { ok: true; evaluated: Uint8Array; ticket: Uint8Array; intakePublicKey: Uint8Array }
    | { ok: false; why: "too-many"; retryAfterSeconds: number }
    | NotAnswered
  >;
  /** Takes one guess from the vault's allowance. `refillNonce` is to be signed after a success. */
  evaluateOprf(
    slotId: string,
    blinded: Uint8Array,
  ): Promise<
    | { ok: true; evaluated: Uint8Array; guessesLeft: number; refillNonce: Uint8Array }
    | { ok: false; why: "no-guesses"; retryAfterSeconds: number }
    | { ok: false; why: "no-vault" }
    | NotAnswered
  >;
  refillGuesses(nonce: Uint8Array, signature: Uint8Array): Promise<void>;
  createVault(
    creation: VaultCreation,
  ): Promise<
    { ok: true } | { ok: false; why: "exists" | "refused" } | { ok: false; why: "stale-ticket" } | NotAnswered
  >;
  commitVault(
    commit: VaultCommit,
  ): Promise<{ ok: true } | { ok: false; why: "conflict" | "refused" | "no-vault" } | NotAnswered>;
  /** The wraps that are not kept die with their OPRF keys, all in one transaction. */
  changeSlots(
    change: SlotChange,
  ): Promise<{ ok: true } | { ok: false; why: "conflict" | "refused" | "no-vault" } | NotAnswered>;
  /** Stored whole or not at all. */
  startAfresh(afresh: Afresh): Promise<AfreshAnswer | NotAnswered>;
}
