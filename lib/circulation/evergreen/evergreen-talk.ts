/** What the connector asks of an Evergreen server, whichever of its two interfaces answers. */
import type { z } from "zod";
import type { billSchema, Circ, Copy, EvergreenRecord, holdSchema, userSchema } from "./evergreen-objects";

export type Opened = { ok: true; token: string } | { ok: false; why: "wrong-credentials" | "locked" };

/** An open circulation with what it is of. */
export interface OpenCirc {
  circ: Circ;
  record: EvergreenRecord | null;
  copy: Copy | null;
}

/** Each method throws HttpFault, and SessionEnded where the token is none any more. */
export interface EvergreenTalk {
  open(card: string, pin: string, deadline: number): Promise<Opened>;
  readUser(token: string, deadline: number): Promise<z.infer<typeof userSchema>>;
  readLoans(token: string, user: string, deadline: number): Promise<{ loans: OpenCirc[]; unlisted: number }>;
  /** One circulation of the user's own; null where it is not shown. */
  readCirc(token: string, id: string, deadline: number): Promise<Circ | null>;
  readHolds(token: string, user: string, deadline: number): Promise<z.infer<typeof holdSchema>[]>;
  readBills(token: string, user: string, deadline: number): Promise<z.infer<typeof billSchema>[]>;
  /** Null: no such copy. Absent: this interface tells nothing without a patron. */
  readRecord?(barcode: string, deadline: number): Promise<EvergreenRecord | null>;
}

export class SessionEnded extends Error {}

/** What a login event says of the card and PIN; null: nothing. */
export function refusalOf(textcode: string): Opened | null {
  if (/^(LOGIN_FAILED|ACTOR_(USER|CARD)_NOT_FOUND)$/.test(textcode))
    return { ok: false, why: "wrong-credentials" };
  if (/(INACTIVE|BARRED|EXPIRED|BLOCKED)$|^PERM_FAILURE$/.test(textcode)) return { ok: false, why: "locked" };
  return null;
}

/** What an authtoken may be made of, so that it can go into a header, and how much of it a session can keep. */
export const isToken = (token: string): boolean => /^[\w.-]{1,1000}$/.test(token);

/** `work` on each of `list`, on so many at once, in the list's order. */
export async function eachOf<T, U>(list: T[], atOnce: number, work: (each: T) => Promise<U>): Promise<U[]> {
  const found: U[] = [];
  const turns = list.entries();
  async function lane(): Promise<void> {
    for (const [place, each] of turns) found[place] = await work(each);
  }
  await Promise.all([...Array(Math.min(atOnce, list.length))].map(lane));
  return found;
}
