/** Stores vaults: creates one, hands it to its patron's browser, takes its signed writes. Opens envelopes, nothing inside. */

import { rotationLock } from "@/db/advisory-locks";
import { lockRotation } from "@/db/vault-keys";
import {
  dropChapters,
  dropInbox,
  findVault,
  insertSlots,
  insertVault,
  lockVaultByHandle,
  measureChapters,
  readChapters,
  readInbox,
  readSlots,
  type StoredBody,
  type StoredVault,
  updateHeadAndManifest,
  writeChapters,
} from "@/db/vaults";
import { genesisHash } from "@/lib/vault/inbox-chain";
import { type PasskeyQuestion, readPasskeyQuestion } from "@/lib/vault/passkey-question";
import { isRecipient } from "@/lib/vault/recipient";
import { signingKeyFrom, signingPublicKey } from "@/lib/vault/signature";
import type { VaultCommit, VaultCreation, VaultSnapshot } from "@/lib/vault/vault-contents";
import {
  commitMessage,
  creationMessage,
  firstSequence,
  nextSequence,
  verifyWrite,
} from "@/lib/vault/vault-write";
import {
  type Custody,
  findKnownVault,
  handleOf,
  knowVault,
  makeShredKey,
  sealRow,
  storeNewKeys,
  tryRow,
} from "./custody";
import { isDamage } from "./custody-fault";
import { openOprfTicket } from "./oprf-ticket";
import { readStoredChapter, readStoredSlot, writeStoredChapter, writeStoredSlot } from "./stored-blob";
import { sealHead } from "./vault-head";

export function intakePublicKey({ keyring }: Custody): Uint8Array {
  return signingPublicKey(signingKeyFrom(keyring.intakeSecretKey));
}

/**
 * The patron's vault as one consistent reading, or null when they have none. A row whose envelope is damaged is handed
 * on as it lies: the browser then counts that one as unreadable and shows all the others.
 */
export async function readVault(custody: Custody, patronId: string): Promise<VaultSnapshot | null> {
  const handle = handleOf(custody.keyring, patronId);
  return custody.db.transaction(
    async (tx) => {
      const stored = await findVault(tx, handle);
      if (!stored) return null;
      const { id, shredKey, head } = await knowVault(tx, custody.keyring, stored);
      const open = (kind: string, row: StoredBody) =>
        tryRow(shredKey, { kind, vaultId: id, rowId: row.id }, row.body);
      return {
        vaultId: id,
        epoch: head.epoch,
        recipient: head.recipient,
        signPublicKey: head.signPublicKey,
        intakePublicKey: intakePublicKey(custody),
        sequence: head.sequence,
        manifest: tryRow(shredKey, manifestPlace(stored), stored.manifest) ?? stored.manifest,
        slots: (await readSlots(tx, id)).flatMap((row) => {
          const bytes = open("slot", row);
          return bytes ? [readStoredSlot(row.id, bytes)] : [];
        }),
        chapters: (await readChapters(tx, id)).map((row) => {
          const bytes = open("chapter", row);
          return bytes ? readStoredChapter(row.id, bytes) : { id: row.id, revision: 1, blob: row.body };
        }),
        inbox: (await readInbox(tx, id)).map((row) => ({
          id: row.id,
          sealed: open("inbox", row) ?? row.body,
        })),
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

/** The random id under which the patron's own devices keep their copies; null when there is no vault. */
export async function readVaultId(custody: Custody, patronId: string): Promise<string | null> {
  return (await findVault(custody.db, handleOf(custody.keyring, patronId)))?.id ?? null;
}

export async function hasVault(custody: Custody, patronId: string): Promise<boolean> {
  return (await findVault(custody.db, handleOf(custody.keyring, patronId))) !== null;
}

/** The page shows all the same; what is damaged is told when it is unlocked. */
function unlessDamaged(fault: unknown): null {
  if (isDamage(fault)) return null;
  throw fault;
}

/** What the patron's page asks of their passkeys before it unlocks: nothing of it opens anything. */
export async function readPasskeys(custody: Custody, patronId: string): Promise<PasskeyQuestion[]> {
  const known = await findKnownVault(custody, patronId).catch(unlessDamaged);
  if (!known) return [];
  const { id, shredKey } = known;
  return (await readSlots(custody.db, id)).flatMap((row) => {
    const bytes = tryRow(shredKey, { kind: "slot", vaultId: id, rowId: row.id }, row.body);
    return (bytes && readPasskeyQuestion(readStoredSlot(row.id, bytes))) ?? [];
  });
}

export type CreationOutcome =
  | { ok: true }
  | { ok: false; why: "exists" | "refused" }
  | { ok: false; why: "stale-ticket" };

/**
 * `refused`: the signature is not the announced key's, the slots are not one passphrase and one recovery code, or nothing
 * can be sealed to the recipient. `stale-ticket`: the ticket is not for this slot, its hour is over, or its master is gone.
 */
export async function createVault(
  custody: Custody,
  patronId: string,
  creation: VaultCreation,
  now: Date,
): Promise<CreationOutcome> {
  const { keyring, db } = custody;
  const passphraseSlot = creation.slots.find(({ kind }) => kind === "passphrase");
  const wellFormed =
    creation.epoch === 1 &&
    passphraseSlot !== undefined &&
    creation.slots.length === 2 &&
    creation.slots.some(({ kind }) => kind === "recovery");
  if (!wellFormed || !verifyWrite(creation.signPublicKey, creationMessage(creation), creation.signature)) {
    return { ok: false, why: "refused" };
  }
  const { vaultId, epoch, recipient, signPublicKey } = creation;
  if (!(await isRecipient(recipient))) return { ok: false, why: "refused" };
  const ticketPlace = { vaultId, slotId: passphraseSlot.id };
  const oprfKey = await openOprfTicket(keyring, ticketPlace, creation.oprfTicket, now);
  if (!oprfKey) return { ok: false, why: "stale-ticket" };
  const shredKey = makeShredKey();
  const head = {
    epoch,
    sequence: firstSequence,
    recipient,
    signPublicKey,
    inboxTail: genesisHash(vaultId, epoch),
  };
  return db.transaction(async (tx) => {
    await lockRotation(tx, rotationLock, "shared");
    const made = await insertVault(tx, {
      id: vaultId,
      handle: handleOf(keyring, patronId),
      head: sealHead(shredKey, vaultId, head),
      manifest: sealRow(shredKey, manifestPlace({ id: vaultId }), creation.manifest),
    });
    if (!made) return { ok: false, why: "exists" };
    await storeNewKeys(tx, keyring, vaultId, shredKey, { slotId: passphraseSlot.id, key: oprfKey });
    await insertSlots(
      tx,
      vaultId,
      creation.slots.map((slot) => ({
        id: slot.id,
        body: sealRow(shredKey, { kind: "slot", vaultId, rowId: slot.id }, writeStoredSlot(slot)),
      })),
    );
    return { ok: true };
  });
}

export type CommitOutcome = { ok: true } | { ok: false; why: "conflict" | "refused" | "no-vault" };

/** Room for about a million loans; a signed-in patron cannot fill the library's disk. */
const maxChapterBytes = 64 * 1024 * 1024;

/**
 * Applies one signed write, whole or not at all. `conflict`: another device wrote since this one read.
 * `refused`: not signed by the vault's key, a sequence that does not go forward, a chapter id of another vault, or more than a vault may hold.
 */
export async function commitVault(
  custody: Custody,
  patronId: string,
  commit: VaultCommit,
): Promise<CommitOutcome> {
  try {
    return await applyCommit(custody, patronId, commit);
  } catch (fault) {
    if (fault instanceof RefusedWrite) return { ok: false, why: "refused" };
    throw fault;
  }
}

/** Thrown inside a transaction, so that what it has written by then is undone. */
export class RefusedWrite extends Error {}

async function applyCommit(custody: Custody, patronId: string, commit: VaultCommit): Promise<CommitOutcome> {
  return custody.db.transaction(async (tx): Promise<CommitOutcome> => {
    const stored = await lockVaultByHandle(tx, handleOf(custody.keyring, patronId));
    if (!stored) return { ok: false, why: "no-vault" };
    const { id, shredKey, head } = await knowVault(tx, custody.keyring, stored);
    if (commit.vaultId !== id || commit.epoch > head.epoch) return { ok: false, why: "refused" };
    // Its keys are dead since another device started afresh: it looks again, and sees that.
    if (commit.epoch < head.epoch) return { ok: false, why: "conflict" };
    if (!verifyWrite(head.signPublicKey, commitMessage(commit), commit.signature)) {
      return { ok: false, why: "refused" };
    }
    if (commit.previousSequence !== head.sequence) return { ok: false, why: "conflict" };
    const sequence = nextSequence(commit);
    if (sequence === null) return { ok: false, why: "refused" };
    const chapters = commit.chapters.map((chapter) => ({
      id: chapter.id,
      body: sealRow(
        shredKey,
        { kind: "chapter", vaultId: id, rowId: chapter.id },
        writeStoredChapter(chapter),
      ),
    }));
    await dropChapters(tx, id, commit.droppedChapterIds);
    const written = await writeChapters(tx, id, chapters);
    // Thrown, because what has been written by now must be undone.
    if (!written || (await measureChapters(tx, id)) > maxChapterBytes) throw new RefusedWrite();
    await dropInbox(tx, id, commit.openedInboxIds);
    await updateHeadAndManifest(
      tx,
      id,
      sealHead(shredKey, id, { ...head, sequence }),
      sealRow(shredKey, manifestPlace(stored), commit.manifest),
    );
    return { ok: true };
  });
}

export function manifestPlace({ id }: Pick<StoredVault, "id">) {
  return { kind: "manifest", vaultId: id, rowId: id };
}
