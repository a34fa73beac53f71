/** Asks Evergreen through its REST interface (3.15 and later), below `/self`, with the patron's own session. */
import { z } from "zod";
import { HttpFault } from "../http-fault";
import { type HttpAnswer, type HttpLine, type HttpQuestion, readBody } from "../http-line";
import {
  billSchema,
  circSchema,
  copySchema,
  holdSchema,
  recordSchema,
  userSchema,
} from "./evergreen-objects";
import { type EvergreenTalk, isToken, refusalOf, SessionEnded } from "./evergreen-talk";

const tokenSchema = z.object({ token: z.string().refine(isToken) });
const refusalSchema = z.object({ textcode: z.string() }).partial();
const checkoutsSchema = z.array(
  z.object({
    circ: circSchema,
    record: recordSchema.nullish().catch(null),
    copy: copySchema.nullish().catch(null),
  }),
);
const checkoutSchema = z.object({ circ: circSchema });
/** A transaction stands alone here, or with what it is about. */
const billsSchema = z.array(
  z.union([
    billSchema,
    z
      .unknown()
      .transform((transaction) => ({ transaction }))
      .pipe(billSchema),
  ]),
);

export function makeRestTalk(line: HttpLine): EvergreenTalk {
  async function read<T>(schema: z.ZodType<T>, token: string, path: string, deadline: number): Promise<T> {
    const answer = await askOwn(line, token, path, deadline);
    return readBody(answer, schema, path);
  }
  return {
    async open(card, pin, deadline) {
      // The server splits at each colon: a PIN with one would choose the kind of session.
      if (card.includes(":") || pin.includes(":")) return { ok: false, why: "wrong-credentials" };
      const basic = Buffer.from(`${card}:${pin}:opac`, "utf8").toString("base64");
      const headers = { authorization: `Basic ${basic}` };
      const answer = await line.ask({ step: "auth", method: "GET", path: "self/auth", headers, deadline });
      if (answer.status === 401) {
        const { textcode } = readBody(answer, refusalSchema, "auth");
        return refusalOf(textcode ?? "") ?? { ok: false, why: "wrong-credentials" };
      }
      refuseOthers(answer, "auth");
      return { ok: true, token: readBody(answer, tokenSchema, "auth").token };
    },
    readUser: (token, deadline) => read(userSchema, token, "self/me", deadline),
    async readLoans(token, _, deadline) {
      const told = await read(checkoutsSchema, token, "self/checkouts", deadline);
      const loans = told.map(({ circ, record, copy }) => ({
        circ,
        record: record ?? null,
        copy: copy ?? null,
      }));
      return { loans, unlisted: 0 };
    },
    async readCirc(token, id, deadline) {
      const answer = await line.ask(ownQuestion(token, `self/checkout/${id}`, "self/checkout", deadline));
      if (answer.status === 401) throw new SessionEnded();
      if (answer.status >= 400) return null;
      return readBody(answer, checkoutSchema, "self/checkout").circ;
    },
    readHolds: (token, _, deadline) => read(z.array(holdSchema), token, "self/holds", deadline),
    readBills: (token, _, deadline) => read(billsSchema, token, "self/transactions/have_balance", deadline),
  };
}

async function askOwn(line: HttpLine, token: string, path: string, deadline: number): Promise<HttpAnswer> {
  const answer = await line.ask(ownQuestion(token, path, path, deadline));
  if (answer.status === 401) throw new SessionEnded();
  refuseOthers(answer, path);
  return answer;
}

function ownQuestion(token: string, path: string, step: string, deadline: number): HttpQuestion {
  return { step, method: "GET", path, headers: { authorization: `Bearer ${token}` }, deadline };
}

function refuseOthers({ status }: HttpAnswer, step: string): void {
  if (status === 403) throw new HttpFault("not-allowed", step);
  if (status === 404) throw new HttpFault("not-there", step);
  if (status >= 400) throw new HttpFault("garbled", step);
}
