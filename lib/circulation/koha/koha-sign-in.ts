/** Asks a Koha whether a card number and a PIN belong together, and whose they are. */

import { HttpFault } from "../http-fault";
import type { Authentication } from "../port";
import { absenceAnswer, type PatronAnswer, patronAnswer, validationAnswer } from "./koha-answers";
import type { Asking } from "./koha-api";

/**
 * Koha says only "Validation failed": to a wrong PIN, an unknown card and a locked account alike. So do we; asking for the
 * card's state without a right PIN would tell whose card exists.
 * @throws HttpFault
 */
export async function signIn(asking: Asking, card: string, pin: string): Promise<Authentication> {
  const body = { identifier: card, password: pin };
  const { status, json } = await asking.post("sign-in", "auth/password/validation", body);
  if (status === 404) throw new HttpFault("not-there", "sign-in");
  if (status === 400) {
    // A list of faults is about the question's form: a Koha that does not know `identifier`.
    if (!absenceAnswer.safeParse(json).success) throw new HttpFault("garbled", "sign-in");
    return { ok: false, why: "wrong-credentials" };
  }
  const id = status === 204 ? null : readId(json);
  const patron = id === null ? await findPatron(asking, card) : await readPatron(asking, id);
  if (patron === null) return { ok: false, why: "wrong-credentials" };
  const parts = [patron.preferred_name || patron.firstname, patron.surname];
  const name = parts.flatMap((part) => part?.trim() || []).join(" ");
  return { ok: true, patron: { id: patron.patron_id, name } };
}

function readId(json: unknown): string | null {
  const read = validationAnswer.safeParse(json);
  if (!read.success) throw new HttpFault("garbled", "sign-in");
  return read.data.patron_id ?? null;
}

async function readPatron(asking: Asking, id: string): Promise<PatronAnswer | null> {
  const { status, json } = await asking.get("patron", `patrons/${id}`);
  if (status === 404) return null;
  const read = patronAnswer.safeParse(json);
  if (!read.success) throw new HttpFault("garbled", "patron");
  if (read.data.patron_id !== id) throw new HttpFault("garbled", "patron");
  return read.data;
}

/**
 * Where Koha confirms and does not say whom. It takes a user name as well as a card number: were one patron's user name
 * another's card number, nobody could tell whose PIN that was, so neither signs in.
 */
async function findPatron(asking: Asking, identifier: string): Promise<PatronAnswer | null> {
  const found = new Map<string, PatronAnswer>();
  for (const field of ["cardnumber", "userid"] as const) {
    const query = { [field]: identifier, _match: "exact", _page: "1", _per_page: "20" };
    const { status, json } = await asking.get("patron", "patrons", query);
    if (status !== 200) throw new HttpFault("garbled", "patron");
    const read = patronAnswer.array().safeParse(json);
    if (!read.success) throw new HttpFault("garbled", "patron");
    // Without `_match` Koha would find parts of card numbers, and a server may not know it.
    for (const patron of read.data)
      if (patron[field]?.toLowerCase() === identifier.toLowerCase()) found.set(patron.patron_id, patron);
  }
  const [patron, ...others] = found.values();
  return patron !== undefined && others.length === 0 ? patron : null;
}
