/** A claim on a folder, which dies with the process that holds it. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { processStart } from "./process-identity";

const claimSchema = z.object({
  pid: z.number().int(),
  started: z.string(),
  firm: z.boolean(),
  says: z.string(),
});
export type ClaimNote = z.infer<typeof claimSchema>;

export interface Claim {
  /** Changes what others read when they are refused. */
  say(says: string): Promise<void>;
  release(): Promise<void>;
}

export type ClaimAnswer = { ok: true; claim: Claim } | { ok: false; why: "held"; holder: ClaimNote };

/**
 * Claims a folder for this process alone. Each claimant first writes its own file, then looks for others:
 * of two at once, at least one sees the other and steps back, so never do both hold. A dead process's file
 * counts for nothing and is cleared away; its name is never used again.
 */
export async function claimAlone(folder: string, says = ""): Promise<ClaimAnswer> {
  for (;;) {
    const mine = await writeClaim(folder, { firm: false, says });
    const others = await livingClaims(folder, mine.name);
    if (others.length === 0) {
      await mine.write({ firm: true, says });
      return { ok: true, claim: asClaim(mine) };
    }
    await mine.release();
    const holder = others.find((other) => other.firm);
    if (holder) return { ok: false, why: "held", holder };
    await sleep(5 + Math.random() * 40);
  }
}

/** Claims a folder alone, waiting for whoever holds it. */
export async function claimInTurn(folder: string): Promise<Claim> {
  for (;;) {
    const answer = await claimAlone(folder);
    if (answer.ok) return answer.claim;
    await sleep(50);
  }
}

/** Joins a folder that any number may hold at once. */
export async function joinClaim(folder: string): Promise<Claim> {
  return asClaim(await writeClaim(folder, { firm: true, says: "" }));
}

/** Every claim on the folder whose process still lives. */
export async function livingClaims(folder: string, except?: string): Promise<ClaimNote[]> {
  const names = await readdir(folder).catch(() => []);
  const notes = await Promise.all(
    names
      .filter((name) => name.endsWith(".json") && name !== except)
      .map(async (name) => {
        const note = await readClaim(join(folder, name));
        if (note && processStart(note.pid) === note.started) return note;
        if (note) await rm(join(folder, name), { force: true });
        return undefined;
      }),
  );
  return notes.filter((note) => note !== undefined);
}

async function readClaim(path: string): Promise<ClaimNote | undefined> {
  try {
    return claimSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

type WrittenClaim = Awaited<ReturnType<typeof writeClaim>>;

async function writeClaim(folder: string, first: { firm: boolean; says: string }) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `${process.pid}-${randomUUID()}.json`;
  const path = join(folder, name);
  const started = processStart(process.pid) ?? "";
  const write = async (note: { firm: boolean; says: string }) => {
    await writeFile(`${path}.part`, JSON.stringify({ pid: process.pid, started, ...note }), { mode: 0o600 });
    await rename(`${path}.part`, path);
  };
  await write(first);
  return { name, write, release: () => rm(path, { force: true }) };
}

function asClaim(written: WrittenClaim): Claim {
  return { say: (says) => written.write({ firm: true, says }), release: written.release };
}
