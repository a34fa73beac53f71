/** Keeps the month of each vault's last opening while the library lets go of unopened vaults, and lets go of those. */
import { z } from "zod";
import type { Queryable, Transaction } from "@/db/connection";
import { listVaultIds, readOpening, writeOpening } from "@/db/vault-openings";
import { deleteVaultById, findVault, lockVaultByHandle, lockVaults } from "@/db/vaults";
import type { ShredKey } from "@/lib/vault/envelope";
import { type Custody, handleOf, knowVault, knowVaults, sealRow, tryRow } from "./custody";
import { deletionDay, judgeOpening, monthOf, type Opening } from "./unopened-vault";

const openingSchema = z
  .object({
    version: z.literal(1),
    month: z.string().regex(/^\d{4}-\d\d$/),
    noticeFrom: z.iso.date().nullable(),
  })
  .strict();

/** All are stored at this length: none tells whether its patron has been warned. */
const paddedBytes = 96;

const place = (vaultId: string) => ({ kind: "opening", vaultId, rowId: vaultId });

async function store(tx: Transaction, vaultId: string, shredKey: ShredKey, opening: Opening): Promise<void> {
  const text = JSON.stringify({ version: 1, ...opening }).padEnd(paddedBytes);
  await writeOpening(tx, vaultId, sealRow(shredKey, place(vaultId), new TextEncoder().encode(text)));
}

/** Null when there is none, or one that an earlier key of the vault sealed: its time then begins anew. */
async function load(db: Queryable, vaultId: string, shredKey: ShredKey): Promise<Opening | null> {
  const body = await readOpening(db, vaultId);
  const bytes = body && tryRow(shredKey, place(vaultId), body);
  if (!bytes) return null;
  const parsed = openingSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  return parsed.success ? { month: parsed.data.month, noticeFrom: parsed.data.noticeFrom } : null;
}

/** To be called after a write that the vault's own key has signed: the proof that somebody has opened it. */
export async function noteOpening({ db, keyring }: Custody, patronId: string, today: string): Promise<void> {
  await db.transaction(async (tx) => {
    const stored = await lockVaultByHandle(tx, handleOf(keyring, patronId));
    if (!stored) return;
    const { id, shredKey } = await knowVault(tx, keyring, stored);
    const known = await load(tx, id, shredKey);
    const month = monthOf(today);
    // Once a month is enough, and says no more than the month.
    if (known?.month === month && known.noticeFrom === null) return;
    await store(tx, id, shredKey, { month, noticeFrom: null });
  });
}

/** The month of the last opening as it is kept, and the day of deletion if the patron is to be told of one. */
export async function readLastOpening(
  { db, keyring }: Custody,
  patronId: string,
  months: number,
): Promise<{ month: string; deletionDay: string | null } | null> {
  const stored = await findVault(db, handleOf(keyring, patronId));
  const [vault] = stored ? await knowVaults(db, keyring, [stored]) : [];
  const opening = vault && (await load(db, vault.id, vault.shredKey));
  if (!opening) return null;
  const isTold = opening.noticeFrom !== null && months > 0;
  return { month: opening.month, deletionDay: isTold ? deletionDay(opening, months) : null };
}

export interface LetGo {
  /** Vaults whose patrons are told from today on. */
  warned: number;
  deleted: number;
}

const vaultsPerBatch = 100;

/**
 * Warns of and deletes what has not been opened for `months` whole months. A vault that the keyring does not open is left:
 * nothing is known of it.
 */
export async function letGoOfUnopened(
  { db, keyring }: Custody,
  { months, today }: { months: number; today: string },
): Promise<LetGo> {
  const counts = { warned: 0, deleted: 0 };
  let last: string | null = null;
  for (;;) {
    const ids: string[] = await listVaultIds(db, last, vaultsPerBatch);
    if (ids.length === 0) return counts;
    await db.transaction(async (tx) => {
      for (const { id, shredKey } of await knowVaults(tx, keyring, await lockVaults(tx, ids))) {
        const judgement = judgeOpening(await load(tx, id, shredKey), months, today);
        if (judgement.act === "delete" && (await deleteVaultById(tx, id))) counts.deleted += 1;
        if (judgement.act !== "note") continue;
        await store(tx, id, shredKey, judgement.opening);
        if (judgement.opening.noticeFrom === today) counts.warned += 1;
      }
    });
    last = ids.at(-1) ?? null;
  }
}
