/** Everything that the library could hand over for one card, gathered from where it lies. Holds no key and no PIN. */
import { readLastAttempt } from "@/db/allowances";
import { readItems } from "@/db/catalogue";
import { readCardRecord, readLastBorrowed } from "@/db/demo-library";
import { countMarksOf } from "@/db/loan-marks";
import { findVault, measureVault, readSlots, type StoredVault } from "@/db/vaults";
import { cardAllowanceKey } from "@/lib/auth/sign-in";
import type { LibrarySystem, PatronAccount } from "@/lib/circulation/port";
import { type Custody, handleOf, knowVault, tryRow } from "@/lib/custody/custody";
import { CustodyFault, type CustodyFaultCode } from "@/lib/custody/custody-fault";
import { guessKey, preparationKey } from "@/lib/custody/passphrase-guesses";
import { readStoredSlot } from "@/lib/custody/stored-blob";
import { readLastOpening } from "@/lib/custody/vault-openings";
import type { SlotKind } from "@/lib/vault/vault-contents";

export interface DisclosureMeans {
  custody: Custody;
  librarySystem: LibrarySystem;
}

/** Moments of the newest attempt that is still counted; a count that has run out is swept, and its moment with it. */
export interface CountedAttempts {
  signIn: Date | null;
  passphraseGuess: Date | null;
  historySetUp: Date | null;
}

export interface CardHoldings extends PatronAccount {
  name: string;
  wrongPins: number;
  lockedUntil: Date | null;
  lastBorrowed: { barcode: string; title: string; clearOn: string }[];
}

export interface VaultHoldings {
  id: string;
  chapters: number;
  /** Size of the chapters together in whole blocks of 32 KiB: nothing finer is to be seen. */
  blocks: number;
  waitingEntries: number;
  /** Null when the keyring opens no envelope of this vault: then not even this can be told. */
  slotKinds: SlotKind[] | null;
  keyringFault: CustodyFaultCode | null;
  /** Such as 2026-11; null unless the library lets go of unopened histories, and when the keyring does not tell. */
  lastOpenedIn: string | null;
  /** Keyed hashes of loans that are out: someone with the keyring and a loan's id can tell whether it is among them. */
  marksOfLoansOut: number;
}

export type Disclosure =
  | {
      ok: true;
      card: string;
      library: CardHoldings | null;
      vault: VaultHoldings | null;
      attempts: CountedAttempts;
    }
  | { ok: false; why: "unknown-card" | "library-unreachable" };

const blockBytes = 32_768;

/** `card` is the patron's id in the library system: in the demo library the card number. */
export async function disclose(means: DisclosureMeans, card: string): Promise<Disclosure> {
  const { db, keyring } = means.custody;
  const stored = await findVault(db, handleOf(keyring, card));
  const record = await readCardRecord(db, card);
  if (!record && !stored) return { ok: false, why: "unknown-card" };
  const answer = record && (await means.librarySystem.readAccount({ id: card }));
  if (answer && !answer.ok) return { ok: false, why: "library-unreachable" };
  const attempts: CountedAttempts = {
    signIn: await readLastAttempt(db, cardAllowanceKey(keyring.hashKey, card)),
    passphraseGuess: stored && (await readLastAttempt(db, guessKey(means.custody, stored.id))),
    historySetUp: await readLastAttempt(db, preparationKey(means.custody, card)),
  };
  const library = record &&
    answer && {
      ...answer.account,
      name: record.name,
      wrongPins: record.failedSignIns,
      lockedUntil: record.lockedUntil,
      lastBorrowed: await readLastItems(means.custody, card),
    };
  return {
    ok: true,
    card,
    library,
    vault: stored && (await discloseVault(means.custody, card, stored)),
    attempts,
  };
}

async function readLastItems({ db }: Custody, card: string): Promise<CardHoldings["lastBorrowed"]> {
  const tied = await readLastBorrowed(db, card);
  const items = await readItems(
    db,
    tied.map(({ barcode }) => barcode),
  );
  const titles = new Map(items.map(({ barcode, title }) => [barcode, title]));
  return tied.map((one) => ({ ...one, title: titles.get(one.barcode) ?? one.barcode }));
}

async function discloseVault(custody: Custody, card: string, stored: StoredVault): Promise<VaultHoldings> {
  const { chapterBytes, waiting } = await measureVault(custody.db, stored.id);
  return {
    id: stored.id,
    chapters: chapterBytes.length,
    blocks: chapterBytes.reduce((sum, bytes) => sum + Math.floor(bytes / blockBytes), 0),
    waitingEntries: waiting,
    lastOpenedIn: (await readLastOpening(custody, card, 0))?.month ?? null,
    marksOfLoansOut: await countMarksOf(custody.db, stored.id),
    ...(await readSlotKinds(custody, stored)),
  };
}

async function readSlotKinds(
  { db, keyring }: Custody,
  stored: StoredVault,
): Promise<Pick<VaultHoldings, "slotKinds" | "keyringFault">> {
  try {
    const { id, shredKey } = await knowVault(db, keyring, stored);
    const slots = await readSlots(db, id);
    const slotKinds = slots.flatMap((slot) => {
      const bytes = tryRow(shredKey, { kind: "slot", vaultId: id, rowId: slot.id }, slot.body);
      return bytes ? readStoredSlot(slot.id, bytes).kind : [];
    });
    return { slotKinds: slotKinds.sort(), keyringFault: null };
  } catch (fault) {
    if (fault instanceof CustodyFault) return { slotKinds: null, keyringFault: fault.code };
    throw fault;
  }
}
