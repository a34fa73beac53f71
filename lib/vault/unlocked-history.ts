/** What the vault's worker offers a page: its calls, how each can end, and the rows it shows. Plain data, cloneable. */
import type { LoanDetails } from "./loan-entry";
import type { PasskeyQuestion } from "./passkey-question";
import type { SlotKind } from "./vault-contents";

/** Work in progress, in this order. A step that has nothing to do is left out. */
export type UnlockStep = "fetching" | "stretching" | "asking" | "opening" | "merging" | "saving";
/** Must be a top-level argument, so that `Comlink.proxy` reaches the worker. */
export type OnStep = (step: UnlockStep) => void;

/** Days are ISO 8601 calendar dates. Null: no event has said it yet. */
export interface HistoryRow extends LoanDetails {
  id: string;
  outOn: string | null;
  dueOn: string | null;
  returnedOn: string | null;
  /** The days of the renewals, ascending. */
  renewals: string[];
  /** Which copy, where anything has said it. */
  item?: string;
  /** The first day on which a visit to the library system saw it out, and the first on which one no longer did. */
  seenOn?: string;
  goneOn?: string;
}

/** One way to unlock, as the settings list it. */
export interface Way {
  slotId: string;
  kind: SlotKind;
  /** The patron's own name for a passkey. */
  name: string | null;
  /** Days; null when nobody knows, or when it was never used. */
  madeOn: string | null;
  usedOn: string | null;
  /** What to ask of a passkey; null for the other kinds, and for a passkey whose slot is damaged. */
  passkey: PasskeyQuestion | null;
}

export interface Overview {
  total: number;
  stillOut: number;
  /** The day on which the vault was made: a vault that someone else opened anew has a young one. */
  birthday: string;
  /** Four words of the manifest's hash. They change with every save and are the same on every device. */
  checkpointWords: string[];
  /** Chapters that cannot be read, and how many entries the manifest says they held. They stay on the server. */
  lost: { chapters: number; entries: number };
  /** Inbox rows that do not open or are not signed by the library. They stay on the server. */
  unreadableInbox: number;
  /** True when an entry that the library sealed never arrived. */
  gap: boolean;
  /** True when the stored ways to unlock are not the ones that the manifest names. */
  slotsAltered: boolean;
  /** True when what is shown is not yet saved; `refresh` tries again. */
  unsaved: boolean;
  /** Passphrase, recovery code, then passkeys. */
  ways: Way[];
  /** True when this device keeps a sealed copy, and so remembers the last state that it saw. */
  ownDevice: boolean;
  /** Null when the server shows what this device remembers or more, and on every device that remembers nothing. */
  rollback: Rollback | null;
}

/**
 * What the server shows is not what this device remembers. Nothing is saved and nothing is remembered anew until the
 * reader has chosen by `settleRollback`; what can still be read is shown meanwhile.
 */
export interface Rollback {
  /**
   * `older`: its number, or its epoch, is lower than the remembered one.
   * `other-line`: as new or newer by its number, but not written after the remembered one.
   * `missing`: newer, and yet it lacks what this device has.
   */
  kind: "older" | "other-line" | "missing";
  /** Loans in this device's copy that the server's lacks, or knows less of. They can be put back. */
  missing: number;
  /** Loans that were removed before and are there again. Putting back removes them again. */
  revived: number;
}

/** What to do about a rollback. `go-on` takes the server's state as it is, and forgets the other. */
export type RollbackChoice = "put-back" | "go-on";

type Fault<Why extends string> = { ok: false; why: Why };
type Unreached = Fault<"offline" | "signed-out">;

export type PassphraseJudgement =
  | { ok: true; bits: number; strength: "fair" | "good" | "strong" }
  | { ok: false; why: "empty" | "too-weak" | "digits-only" | "card-number"; bits: number };

export type PrepareSetUpOutcome =
  /** `recoveryCode` is shown once and kept nowhere: seven groups of four, joined by dashes. */
  | { ok: true; recoveryCode: string }
  | Fault<"empty" | "too-weak" | "digits-only" | "card-number">
  | Fault<"refused">
  | { ok: false; why: "too-many"; retryAfterSeconds: number }
  | Unreached;

export type FinishSetUpOutcome =
  | { ok: true; overview: Overview }
  | Fault<"not-prepared" | "exists" | "refused" | "locked">
  | Unreached;

/** What a server showed while the browser was saving, and what was not believed. What had been opened is kept. */
export type ServerTrouble = "rolled-back" | "substituted" | "damaged" | "unknown-version";

export type UnlockOutcome =
  /** `trouble` is null when all is well, and when the server was merely out of reach (`overview.unsaved`). */
  | { ok: true; overview: Overview; trouble: ServerTrouble | null }
  | { ok: false; why: "wrong-passphrase"; guessesLeft: number }
  | Fault<"wrong-recovery-code" | "misread-recovery-code" | "wrong-passkey">
  | { ok: false; why: "no-guesses"; retryAfterSeconds: number }
  /** The table of contents cannot be read. `readable` counts what still opens by itself; the server keeps all of it. */
  | { ok: false; why: "damaged"; readable: { chapters: number; entries: number }; waiting: number }
  /** The server cannot take off its own layer: nothing of it reaches the browser, and nothing is typed away. */
  | Fault<"vault-damaged">
  /** `locked`: `lock` was called meanwhile. `started-afresh`: another device gave it new keys just now. */
  | Fault<"unknown-version" | "substituted" | "no-vault" | "no-such-slot" | "locked" | "started-afresh">
  | Unreached;

export type RefreshOutcome =
  | { ok: true; overview: Overview }
  /**
   * Still unlocked and shown as before; nothing of it was changed. `started-afresh`: another device gave the vault new
   * keys, so these are dead and the page should lock.
   */
  | Fault<ServerTrouble | "no-vault" | "locked" | "started-afresh">
  | Unreached;

/** `library-away`: the library system gave no answer. The history is as it was. */
export type VisitOutcome = RefreshOutcome | Fault<"library-away">;

export type RemoveOutcome =
  /** `overview.unsaved` is true when it is gone here, and the server has yet to hear of it. */
  { ok: true; overview: Overview } | Fault<"no-such-entry" | "locked" | "started-afresh">;

/** `not-stored`: the browser has no room, or keeps nothing. */
export type KeepOutcome = { ok: true; overview: Overview } | Fault<"locked" | "not-stored">;

/**
 * What a passkey gave: the two outputs of its PRF (WebAuthn Level 3, §10.1.4), 32 bytes each. They are overwritten once
 * they have been used, and a page hands them to the worker by transfer.
 */
export interface PasskeyAnswer {
  credentialId: Uint8Array;
  first: Uint8Array;
  second: Uint8Array;
}

/** What opens a vault. */
export type Secret =
  | { kind: "passphrase" | "recovery"; secret: string }
  | ({ kind: "passkey" } & PasskeyAnswer);

/** Why a secret given to show who asks was not enough. Whatever it is, nothing was changed. */
export type PresentRefusal =
  | { ok: false; why: "wrong-passphrase"; guessesLeft: number }
  | { ok: false; why: "no-guesses"; retryAfterSeconds: number }
  | Fault<"wrong-recovery-code" | "misread-recovery-code" | "wrong-passkey" | "no-such-slot">
  | Exclude<RefreshOutcome, { ok: true }>;

/** What a reader asks of their keys. `present` is a secret that opens the vault now: an open page is no proof of its reader. */
export type KeyChange =
  | { kind: "passphrase"; present: Secret; passphrase: string; cardNumber?: string }
  | { kind: "recovery"; present: Secret }
  /** Its answer is to be given by `answerPasskey`. */
  | { kind: "passkey"; present: Secret; name: string }
  /** Of a passkey. */
  | { kind: "removal"; present: Secret; slotId: string };

/** Whatever the failure, all ways to unlock are as they were. */
export type PrepareKeyOutcome =
  /** What this device remembers could not be put back under other keys: `settleRollback` comes first. */
  | Fault<"rollback-unsettled">
  /** Either is null in every other change. A recovery code is shown once and kept nowhere; a passkey is asked with the salt. */
  | { ok: true; recoveryCode: string | null; passkeySalt: Uint8Array | null }
  | Exclude<PrepareSetUpOutcome, { ok: true }>
  | PresentRefusal;

export type FinishKeyOutcome =
  | { ok: true; overview: Overview }
  /** `slots-altered`: the way that would stay is not the manifest's, nor the one that was just used to show who asks. */
  | Fault<"not-prepared" | "slots-altered" | "refused" | "conflict">
  | Exclude<RefreshOutcome, { ok: true }>;

export type ShowKeyOutcome =
  /** `AGE-SECRET-KEY-PQ-1…`: whoever has it reads what the library seals, and cannot be made to forget it. */
  { ok: true; identity: string } | PresentRefusal;

/** Who is to open a sealed copy of the history: the vault's own identity, whoever knows a passphrase, or an age recipient. */
export type SealedFor =
  | { kind: "own" }
  | { kind: "passphrase"; passphrase: string }
  | { kind: "recipient"; recipient: string };

/** Age files, and what may be said of them in clear. */
export interface SealedCopy {
  madeOn: string;
  /** How many loans the history file holds. */
  total: number;
  history: Uint8Array;
  waiting: Uint8Array[];
}

export type SealedCopyOutcome =
  /** `waiting`: the inbox, always sealed to the vault's own identity; `history` holds what it says, too. */
  | ({ ok: true } & SealedCopy)
  /** `bad-recipient`: not one that age can seal to. */
  | Fault<"empty" | "too-weak" | "digits-only" | "card-number" | "bad-recipient">
  | Exclude<RefreshOutcome, { ok: true }>;

/** What a reader gives to start afresh: who asks, and the passphrase that is to come. */
export interface AfreshChoice {
  present: Secret;
  passphrase: string;
  cardNumber?: string;
}

/** Whatever the failure, the vault is as it was. */
export type PrepareAfreshOutcome =
  /** `recoveryCode` is shown once and kept nowhere. */
  | { ok: true; recoveryCode: string }
  /** `too-large`: more than one request carries. */
  | Fault<"same-passphrase" | "too-large">
  | Exclude<PrepareKeyOutcome, { ok: true }>;

export type FinishAfreshOutcome =
  | { ok: true; overview: Overview }
  | Fault<"not-prepared" | "refused" | "conflict" | "too-large">
  | { ok: false; why: "too-many"; retryAfterSeconds: number }
  | Exclude<RefreshOutcome, { ok: true }>;

/** Everything a page may ask of the worker. Calls run one after another; none throws for an expected outcome. */
export interface VaultSession {
  /** Names the opening half's build. */
  readonly build: string;
  /** Five random words of the EFF list. */
  suggestPassphrase(): string;
  judgePassphrase(passphrase: string, cardNumber?: string): PassphraseJudgement;
  /** Makes keys, slots and the recovery code. Nothing is stored until `finishSetUp`. */
  prepareSetUp(
    choice: { passphrase: string; cardNumber?: string },
    onStep?: OnStep,
  ): Promise<PrepareSetUpOutcome>;
  /** Stores the prepared vault, which is then unlocked. May be called again after `offline`. */
  finishSetUp(): Promise<FinishSetUpOutcome>;
  /** `vaultId`: the vault whose copy to look for on this device. A wrong one costs fetching it whole. */
  unlock(way: Secret, onStep?: OnStep, vaultId?: string): Promise<UnlockOutcome>;
  /** Null when locked. */
  overview(): Overview | null;
  /** Newest first. Empty when locked. */
  page(offset: number, limit: number): { total: number; rows: HistoryRow[] };
  /** Fetches what is new and saves what is not saved. */
  refresh(onStep?: OnStep): Promise<RefreshOutcome>;
  /** Reads what is out to the patron now, and takes in what no event has told. Nothing of it is kept on the server. */
  visit(): Promise<VisitOutcome>;
  removeEntry(id: string): Promise<RemoveOutcome>;
  /** Does nothing when there is no rollback. */
  settleRollback(choice: RollbackChoice): Promise<RefreshOutcome>;
  /** Keeps a sealed copy on this device from now on, without any way to unlock it. */
  keepOnDevice(): Promise<KeepOutcome>;
  /** Forgets the copy, and what it remembers. Null when locked. */
  forgetDevice(): Promise<Overview | null>;
  /** Checks the present secret and makes the new slot in memory. Nothing changes until `finishKeyChange`. */
  prepareKeyChange(change: KeyChange, onStep?: OnStep): Promise<PrepareKeyOutcome>;
  /** Seals the prepared passkey's slot in memory. `host` is the one at which it was made. */
  answerPasskey(answer: PasskeyAnswer & { host: string }): Promise<{ ok: true } | Fault<"not-prepared">>;
  /** Stores what is prepared; what it replaces or removes is dead. May be called again after `offline`. */
  finishKeyChange(): Promise<FinishKeyOutcome>;
  /** The vault's age identity, for a reader who shows a present secret. */
  showKey(present: Secret, onStep?: OnStep): Promise<ShowKeyOutcome>;
  /** The history and the waiting entries as age files; nothing of them leaves the worker in clear. */
  copySealed(sealedFor: SealedFor): Promise<SealedCopyOutcome>;
  /** Forgets what is prepared. */
  leaveKeyChange(): void;
  /** Checks the present secret and makes new keys in memory. Nothing changes until `finishAfresh`. */
  prepareAfresh(choice: AfreshChoice, onStep?: OnStep): Promise<PrepareAfreshOutcome>;
  /**
   * Seals everything under the new keys and has the old ones destroyed; unlocked under the new ones afterwards. May be
   * called again after `offline`, and sees whether it had arrived.
   */
  finishAfresh(onStep?: OnStep): Promise<FinishAfreshOutcome>;
  /** Null when locked. */
  exportJson(): string | null;
  /** Null when locked. RFC 4180, UTF-8, no cell that a spreadsheet would run as a formula. */
  exportCsv(): string | null;
  /** Forgets everything, and overwrites the key bytes that it can reach. */
  lock(): void;
}
