/** Gives a vault new keys for everything in it, by its patron's signed request, and destroys the old ones with all they sealed. */
import { rotationLock } from "@/db/advisory-locks";
import { lockRotation } from "@/db/vault-keys";
import {
  clearVaultRows,
  insertSlot,
  lockVaultByHandle,
  readInboxIds,
  updateHeadAndManifest,
  writeChapters,
} from "@/db/vaults";
import { genesisHash } from "@/lib/vault/inbox-chain";
import { entryKeyOf } from "@/lib/vault/loan-mark";
import { isRecipient } from "@/lib/vault/recipient";
import { type Afresh, type AfreshAnswer, maxAfreshChapterBytes } from "@/lib/vault/vault-contents";
import { afreshMessage, verifyWrite } from "@/lib/vault/vault-write";
import { type Custody, handleOf, knowVault, makeShredKey, replaceAllKeys, sealRow } from "./custody";
import { openOprfTicket } from "./oprf-ticket";
import { writeStoredChapter, writeStoredSlot } from "./stored-blob";
import { sealHead, type VaultHead } from "./vault-head";
import { manifestPlace, RefusedWrite } from "./vault-store";

/**
 * Applies one request, whole or not at all: a new shred key and OPRF key, two new slots, all chapters, recipient and signing
 * key; the old keys, slots, chapters and inbox are gone in the same transaction. Id and handle stay, and so do the marks of
 * loans that are out and the entry key, so that a loan begun before and returned after is one entry.
 *
 * The vault's row is locked throughout, as it is by whoever seals a loan for it: a loan is either among the rows that the
 * request must name, or is sealed to the new recipient. `conflict` when a row waits that the browser has not seen.
 */
export async function startAfresh(
  custody: Custody,
  patronId: string,
  afresh: Afresh,
  now: Date,
): Promise<AfreshAnswer> {
  if (!isWhole(afresh) || !(await isRecipient(afresh.recipient))) return { ok: false, why: "refused" };
  if (sizeOf(afresh) > maxAfreshChapterBytes) return { ok: false, why: "too-large" };
  try {
    return await replaceVault(custody, patronId, afresh, now);
  } catch (fault) {
    if (fault instanceof RefusedWrite) return { ok: false, why: "refused" };
    throw fault;
  }
}

async function replaceVault(
  { db, keyring }: Custody,
  patronId: string,
  afresh: Afresh,
  now: Date,
): Promise<AfreshAnswer> {
  return db.transaction(async (tx): Promise<AfreshAnswer> => {
    await lockRotation(tx, rotationLock, "shared");
    const stored = await lockVaultByHandle(tx, handleOf(keyring, patronId));
    if (!stored) return { ok: false, why: "no-vault" };
    const { id, shredKey: oldShredKey, head } = await knowVault(tx, keyring, stored);
    if (afresh.vaultId !== id || afresh.epoch > head.epoch) return { ok: false, why: "refused" };
    // Another device was first, or this very request was, and its answer never arrived: the browser looks and sees.
    if (afresh.epoch < head.epoch) return { ok: false, why: "conflict" };
    if (!isSigned(afresh, head)) return { ok: false, why: "refused" };
    if (afresh.previousSequence !== head.sequence) return { ok: false, why: "conflict" };
    const settled = new Set(afresh.settledInboxIds);
    if ((await readInboxIds(tx, id)).some((row) => !settled.has(row))) return { ok: false, why: "conflict" };
    const slotId = afresh.slots.find(({ kind }) => kind === "passphrase")?.id ?? "";
    const oprfKey = await openOprfTicket(keyring, { vaultId: id, slotId }, afresh.oprfTicket, now);
    if (!oprfKey) return { ok: false, why: "stale-ticket" };

    const shredKey = makeShredKey();
    const place = (kind: string, rowId: string) => ({ kind, vaultId: id, rowId });
    await clearVaultRows(tx, id);
    await replaceAllKeys(tx, keyring, id, shredKey, { slotId, key: oprfKey });
    for (const slot of afresh.slots) {
      const body = sealRow(shredKey, place("slot", slot.id), writeStoredSlot(slot));
      if (!(await insertSlot(tx, id, { id: slot.id, body }))) throw new RefusedWrite();
    }
    const chapters = afresh.chapters.map((chapter) => ({
      id: chapter.id,
      body: sealRow(shredKey, place("chapter", chapter.id), writeStoredChapter(chapter)),
    }));
    if (!(await writeChapters(tx, id, chapters))) throw new RefusedWrite();
    const next: VaultHead = {
      epoch: head.epoch + 1,
      sequence: head.sequence + 1,
      recipient: afresh.recipient,
      signPublicKey: afresh.signPublicKey,
      inboxTail: genesisHash(id, head.epoch + 1),
      entryKey: head.entryKey ?? entryKeyOf(oldShredKey, id),
    };
    await updateHeadAndManifest(
      tx,
      id,
      sealHead(shredKey, id, next),
      sealRow(shredKey, manifestPlace(stored), afresh.manifest),
    );
    return { ok: true };
  });
}

/** One passphrase slot and one recovery slot, as in a vault that is new; every id once. */
function isWhole({ slots, chapters }: Afresh): boolean {
  const kinds = slots.map(({ kind }) => kind).toSorted();
  const ids = [...slots, ...chapters].map(({ id }) => id);
  return kinds.join() === "passphrase,recovery" && new Set(ids).size === ids.length;
}

/** By the key that the vault has, and by another one that the sender holds. */
function isSigned(afresh: Afresh, head: VaultHead): boolean {
  const message = afreshMessage(afresh);
  const isNew =
    afresh.recipient !== head.recipient && !Buffer.from(afresh.signPublicKey).equals(head.signPublicKey);
  return (
    isNew &&
    verifyWrite(head.signPublicKey, message, afresh.signature) &&
    verifyWrite(afresh.signPublicKey, message, afresh.proof)
  );
}

function sizeOf({ chapters }: Afresh): number {
  return chapters.reduce((sum, { blob }) => sum + blob.length, 0);
}
