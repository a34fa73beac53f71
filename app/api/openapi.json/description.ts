/** The API description (OpenAPI 3.1), made from the schemas that parse. */
import { z } from "zod";
import { batchSchema } from "../loans/events/batch";
import {
  afreshWire,
  changesWire,
  commitWire,
  creationWire,
  guessAnswerWire,
  guessWire,
  knownWire,
  preparationWire,
  preparedWire,
  refillWire,
  slotChangeWire,
  snapshotWire,
  visitWire,
} from "../vault/wire";

/** Named schemas, gathered here by `schemaOf`: a `#/$defs/…` inside one would point nowhere in the whole document. */
const named: Record<string, unknown> = {};

function schemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io: "input" });
  const pointed = (part: unknown) =>
    JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/'));
  for (const [name, definition] of Object.entries($defs)) named[name] = pointed(definition);
  return pointed(rest);
}

const body = (schema: z.ZodType) => ({ "application/json": { schema: schemaOf(schema) } });
const accepts = (schema: z.ZodType, example?: z.input<typeof schema>) => ({
  required: true,
  content: { "application/json": { schema: schemaOf(schema), ...(example ? { example } : {}) } },
});
const answers = (description: string, schema?: z.ZodType) => ({
  description,
  ...(schema ? { content: body(schema) } : {}),
});

const problemSchema = z
  .object({ type: z.string(), title: z.string(), status: z.int() })
  .loose()
  .describe(
    "Problem details, RFC 9457. `type` is urn:commonplace:problem:CODE; nothing of the request is quoted.",
  );
const refuses = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: schemaOf(problemSchema) } },
});

export const batchExample: z.input<typeof batchSchema> = {
  events: [
    {
      type: "checkout",
      loan: "104233",
      patron: "23529000000001",
      day: "2026-11-02",
      due: "2026-11-23",
      record: { recordId: "812", title: "Middlemarch", author: "George Eliot", format: "book" },
    },
    { type: "return", loan: "104233", day: "2026-11-20" },
  ],
};

const searchAnswerSchema = z
  .object({
    total: z.int().min(0).describe("Records found, on all pages"),
    items: z.array(
      z.object({
        id: z.int().describe("Its page is /record/ID"),
        title: z.string(),
        authors: z.array(z.string()),
        year: z.int().nullable(),
        isbn: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "SearchAnswer" });

const form = (fields: string[]) => ({
  required: true,
  content: {
    "application/x-www-form-urlencoded": {
      schema: {
        type: "object",
        properties: Object.fromEntries(fields.map((field) => [field, { type: "string" }])),
        required: fields.filter((field) => field !== "callbackUrl"),
      },
    },
  },
});

const patron = [{ session: [] }];
const damaged = {
  "409": refuses("damaged: the server cannot open its own layer of it; deleting still works"),
};
const unread = { "400": refuses("not-json, malformed"), "413": refuses("too-large") };
const signedOut = {
  "401": refuses("signed-out"),
  "403": refuses("cross-origin: another site's page asked"),
};

const paths = {
  "/api/health": {
    get: {
      summary: "Is the server up, and its database",
      responses: { "200": answers("It is"), "503": answers("It is not") },
    },
  },
  "/api/search": {
    get: {
      summary: "Search the catalogue",
      parameters: [
        { name: "q", in: "query", required: true, schema: { type: "string" } },
        { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
        { name: "page", in: "query", schema: { type: "integer", minimum: 1, default: 1 } },
      ],
      responses: {
        "200": answers("One page of what was found", searchAnswerSchema),
        "400": refuses("malformed"),
      },
    },
  },
  "/api/loans/events": {
    post: {
      summary: "Report check-outs, renewals and returns",
      description:
        "Repeats and any order are fine. The answer and its time are the same whether or not a patron keeps a history. Malformed items are listed with 422; the others of the batch have then been taken.",
      security: [{ loans: [] }],
      requestBody: accepts(batchSchema, batchExample),
      responses: {
        "204": answers("All taken: those of patrons with a history are sealed and on disk"),
        "400": refuses("not-json, malformed"),
        "401": refuses("wrong-token"),
        "413": refuses("too-large"),
        "422": refuses("malformed-events: `taken` counts, `malformed` lists index and faults"),
      },
    },
  },
  "/api/vault": {
    get: {
      summary: "The patron's sealed vault",
      security: patron,
      responses: { "200": answers("Sealed bytes, or null", snapshotWire), ...damaged, ...signedOut },
    },
    post: {
      summary: "Make a vault",
      security: patron,
      requestBody: accepts(creationWire),
      responses: {
        "201": answers("Made"),
        ...unread,
        "409": refuses("exists"),
        "410": refuses("stale-ticket: prepare the passphrase slot again"),
        "422": refuses("refused"),
        ...signedOut,
      },
    },
    put: {
      summary: "Write, signed, compare-and-swap",
      security: patron,
      requestBody: accepts(commitWire),
      responses: {
        "200": answers("Written"),
        ...unread,
        "404": refuses("no-vault"),
        "409": refuses("conflict, damaged"),
        "422": refuses("refused"),
        ...signedOut,
      },
    },
    delete: {
      summary: "Delete the vault, at once and in backups",
      security: patron,
      responses: { "200": answers("Deleted; { receipt }"), "404": refuses("no-vault"), ...signedOut },
    },
  },
  "/api/vault/changes": {
    post: {
      summary: "The patron's sealed vault, without the chapters that the caller has",
      description:
        "A chapter that is known by its id and the SHA-256 of its sealed bytes is named under `unchanged` instead of being sent. Nothing is left out for another vault's id.",
      security: patron,
      requestBody: accepts(knownWire),
      responses: {
        "200": answers("Sealed bytes, or null", changesWire),
        ...unread,
        ...damaged,
        ...signedOut,
      },
    },
  },
  "/api/vault/passphrase-slot": {
    post: {
      summary: "Prepare a passphrase slot",
      security: patron,
      requestBody: accepts(preparationWire),
      responses: {
        "200": answers("Evaluated", preparedWire),
        ...unread,
        "422": refuses("bad-element"),
        "429": refuses("too-many"),
        ...signedOut,
      },
    },
  },
  "/api/receipt-key": {
    get: {
      summary: "The public key of deletion receipts (Ed25519, RFC 8032)",
      responses: { "200": answers("{ publicKeyB64 }") },
    },
  },
  "/api/vault/slots": {
    put: {
      summary: "Add, replace or remove one way to unlock, signed, compare-and-swap",
      description:
        "Afterwards the vault has the new slot, if there is one, and the kept ones: one passphrase, one recovery code, at most six passkeys. The slots not kept are destroyed with their OPRF keys.",
      security: patron,
      requestBody: accepts(slotChangeWire),
      responses: {
        "200": answers("Changed"),
        ...unread,
        "404": refuses("no-vault"),
        "409": refuses("conflict, damaged"),
        "422": refuses("refused"),
        ...signedOut,
      },
    },
  },
  "/api/vault/afresh": {
    post: {
      summary: "New keys for the whole vault, signed by the old key and the new one, compare-and-swap",
      description:
        "Everything under the old keys is destroyed in the same transaction. Names every waiting entry: one that is not named is a conflict. At most 16 MiB of chapters, and 24 MiB as a request.",
      security: patron,
      requestBody: accepts(afreshWire),
      responses: {
        "200": answers("Stored"),
        "400": refuses("not-json, malformed"),
        "404": refuses("no-vault"),
        "409": refuses("conflict, damaged"),
        "410": refuses("stale-ticket: prepare the passphrase slot again"),
        "413": refuses("too-large"),
        "422": refuses("refused"),
        ...signedOut,
      },
    },
  },
  "/api/vault/loans": {
    get: {
      summary:
        "What is out to the patron now, for the browser to merge; read from the library system, kept nowhere",
      security: patron,
      responses: {
        "200": answers("Read just now", visitWire),
        "404": refuses("no-visits, no-vault"),
        ...damaged,
        "503": refuses("library-unreachable"),
        ...signedOut,
      },
    },
  },
  "/api/vault/guess": {
    post: {
      summary: "One guess at the passphrase",
      security: patron,
      requestBody: accepts(guessWire),
      responses: {
        "200": answers("Evaluated", guessAnswerWire),
        ...unread,
        ...damaged,
        "404": refuses("no-vault"),
        "422": refuses("bad-element"),
        "429": refuses("no-guesses"),
        ...signedOut,
      },
    },
    put: {
      summary: "Give the guesses back after a right one",
      security: patron,
      requestBody: accepts(refillWire),
      responses: {
        "200": answers("Refilled"),
        ...unread,
        ...damaged,
        "422": refuses("refused"),
        ...signedOut,
      },
    },
  },
  "/api/auth/callback/credentials": {
    post: {
      summary: "Sign in; the form of /sign-in",
      requestBody: form(["csrfToken", "card", "pin", "callbackUrl"]),
      responses: {
        "303": answers("To callbackUrl with the session's cookie, or to /sign-in?error=CODE"),
        "413": refuses("too-large"),
      },
    },
  },
  "/api/auth/signout": {
    post: {
      summary: "Sign out; the form on every page",
      security: patron,
      requestBody: form(["csrfToken"]),
      responses: { "303": answers("To /, with Clear-Site-Data") },
    },
  },
  "/api/openapi.json": {
    get: { summary: "This description", responses: { "200": answers("OpenAPI 3.1") } },
  },
};

export const apiDescription = {
  openapi: "3.1.0",
  info: {
    title: "Commonplace",
    version: "1",
    description:
      "A public library's catalogue with a reading history that only its reader can open. Bytes are base64 (RFC 4648 §4). The vault's routes are for the library's own pages; a library system needs only POST /api/loans/events.",
    license: { name: "AGPL-3.0-or-later", identifier: "AGPL-3.0-or-later" },
  },
  components: {
    schemas: named,
    securitySchemes: {
      loans: { type: "http", scheme: "bearer", description: "LOANS_TOKEN" },
      session: {
        type: "apiKey",
        in: "cookie",
        name: "session",
        description: "The patron's session; __Host-session under https",
      },
    },
  },
  paths,
};
