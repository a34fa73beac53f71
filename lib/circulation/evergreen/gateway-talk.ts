/** Asks Evergreen through its OpenSRF gateway, with the patron's own session and no account of ours. */
import { z } from "zod";
import { HttpFault } from "../http-fault";
import type { HttpLine } from "../http-line";
import {
  billSchema,
  type Circ,
  type Copy,
  circSchema,
  copySchema,
  type EvergreenRecord,
  holdSchema,
  recordSchema,
  userSchema,
} from "./evergreen-objects";
import {
  type EvergreenTalk,
  eachOf,
  isToken,
  type OpenCirc,
  refusalOf,
  SessionEnded,
} from "./evergreen-talk";
import type { ServerFieldOrder } from "./field-order";
import { Gateway } from "./gateway";
import { digestPin } from "./login-digest";

const list = z.array(z.union([z.number(), z.string()]).transform(String)).nullish();
const checkedOutSchema = z.object({
  out: list,
  overdue: list,
  long_overdue: list,
  lost: list,
  claims_returned: list,
});
const sessionSchema = z.object({ authtoken: z.string().refine(isToken) });

export function makeGatewayTalk(line: HttpLine, order: ServerFieldOrder, atOnce: number): EvergreenTalk {
  const gateway = new Gateway(line, order);

  /** The values that a method answers with; null for an event about the thing asked. */
  async function askAny<T>(
    schema: z.ZodType<T>,
    deadline: number,
    method: string,
    ...parameters: unknown[]
  ): Promise<T[] | null> {
    const answer = await gateway.call(method, parameters, deadline);
    if (answer.kind === "event") {
      if (answer.event.textcode === "NO_SESSION") throw new SessionEnded();
      return null;
    }
    const values = z.array(schema).safeParse(answer.values);
    if (!values.success) throw new HttpFault("garbled", method);
    return values.data;
  }

  async function askOne<T>(
    schema: z.ZodType<T>,
    deadline: number,
    method: string,
    ...parameters: unknown[]
  ): Promise<T | null> {
    return (await askAny(schema, deadline, method, ...parameters))?.[0] ?? null;
  }

  async function askAll<T>(
    schema: z.ZodType<T>,
    deadline: number,
    method: string,
    ...parameters: unknown[]
  ): Promise<T[]> {
    const values = await askAny(schema, deadline, method, ...parameters);
    if (values === null) throw new HttpFault("not-allowed", method);
    return values;
  }

  const readCirc = (token: string, id: string, deadline: number): Promise<Circ | null> =>
    askOne(circSchema, deadline, "open-ils.circ.retrieve", token, Number(id));

  async function readCopy(id: string, deadline: number): Promise<Copy | null> {
    try {
      return await askOne(copySchema, deadline, "open-ils.search.asset.copy.retrieve", Number(id));
    } catch (fault) {
      // Without it a loan has no barcode, and is a loan all the same.
      if (fault instanceof HttpFault && fault.code === "not-there") return null;
      throw fault;
    }
  }

  const readRecordOf = (copy: string, deadline: number): Promise<EvergreenRecord | null> =>
    askOne(recordSchema, deadline, "open-ils.search.biblio.mods_from_copy", Number(copy));

  return {
    async open(card, pin, deadline) {
      const seed = await askOne(z.string().min(1), deadline, "open-ils.auth.authenticate.init", card);
      if (seed === null) return { ok: false, why: "wrong-credentials" };
      const method = "open-ils.auth.authenticate.complete";
      const login = { barcode: card, password: digestPin(seed, pin), type: "opac" };
      const answer = await gateway.call(method, [login], deadline);
      if (answer.kind === "values") throw new HttpFault("garbled", method);
      const { textcode, payload } = answer.event;
      const refusal = refusalOf(textcode);
      if (refusal) return refusal;
      const session = sessionSchema.safeParse(payload);
      if (textcode !== "SUCCESS" || !session.success) throw new HttpFault("garbled", method);
      return { ok: true, token: session.data.authtoken };
    },
    async readUser(token, deadline) {
      const user = await askOne(userSchema, deadline, "open-ils.auth.session.retrieve", token);
      if (user === null) throw new HttpFault("garbled", "open-ils.auth.session.retrieve");
      return user;
    },
    async readLoans(token, user, deadline) {
      const method = "open-ils.actor.user.checked_out";
      const [told] = await askAll(checkedOutSchema, deadline, method, token, Number(user));
      if (!told) throw new HttpFault("garbled", method);
      const ids = [...(told.out ?? []), ...(told.overdue ?? []), ...(told.long_overdue ?? [])];
      const contested = (told.lost ?? []).length + (told.claims_returned ?? []).length;
      const found = await eachOf([...new Set(ids)], atOnce, async (id): Promise<OpenCirc | null> => {
        const circ = await readCirc(token, id, deadline);
        if (!circ) return null;
        const [record, copy] = [
          await readRecordOf(circ.target_copy, deadline),
          await readCopy(circ.target_copy, deadline),
        ];
        return { circ, record, copy };
      });
      const loans = found.filter((each) => each !== null);
      return { loans, unlisted: found.length - loans.length + contested };
    },
    readCirc,
    async readHolds(token, user, deadline) {
      const ids = await askAll(
        z.union([z.number(), z.string()]),
        deadline,
        "open-ils.circ.holds.id_list.retrieve",
        token,
        Number(user),
      );
      if (ids.length === 0) return [];
      return askAll(
        holdSchema,
        deadline,
        "open-ils.circ.hold.details.batch.retrieve",
        token,
        ids.map(Number),
      );
    },
    readBills: (token, user, deadline) =>
      askAll(
        billSchema,
        deadline,
        "open-ils.actor.user.transactions.have_balance.fleshed",
        token,
        Number(user),
      ),
    async readRecord(barcode, deadline) {
      const id = await askOne(
        z.union([z.number(), z.string()]),
        deadline,
        "open-ils.search.bib_id.by_barcode",
        barcode,
      );
      if (id === null) return null;
      return askOne(recordSchema, deadline, "open-ils.search.biblio.record.mods_slim.retrieve", Number(id));
    },
  };
}
