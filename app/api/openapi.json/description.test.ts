import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { batchSchema } from "../loans/events/batch";
import { apiDescription, batchExample } from "./description";

const operationSchema = z.object({
  summary: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(["query", "path"]), schema: z.looseObject({}) }))
    .optional(),
  requestBody: z
    .object({
      required: z.boolean(),
      content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })),
    })
    .optional(),
  responses: z
    .record(z.string().regex(/^[1-5]\d\d$/), z.object({ description: z.string().min(1) }))
    .refine((responses) => Object.keys(responses).length > 0),
});

const documentSchema = z.object({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.object({ title: z.string().min(1), version: z.string().min(1) }),
  components: z.object({
    schemas: z.record(z.string(), z.looseObject({})),
    securitySchemes: z.record(z.string(), z.object({ type: z.enum(["http", "apiKey"]) })),
  }),
  paths: z.record(
    z.string().startsWith("/api/"),
    z.partialRecord(z.enum(["get", "post", "put", "delete"]), operationSchema),
  ),
});

const description = documentSchema.parse(JSON.parse(JSON.stringify(apiDescription)));
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Route files and the methods that they export, as `/api/… METHOD`. */
function routesOnDisk(): string[] {
  const api = join("app", "api");
  return readdirSync(api, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("route.ts"))
    .flatMap((file) => {
      const source = readFileSync(join(api, file), "utf8");
      const methods = [
        ...source.matchAll(/^export (?:const|async function|function) (GET|POST|PUT|DELETE)\b/gm),
      ];
      return methods.map(([, method]) => `/api/${dirname(file)} ${method}`);
    });
}

test("every route and method is described, and nothing that is not there", () => {
  // next-auth's catch-all is described by the two addresses that it answers.
  const nameOf = (path: string) => (path.startsWith("/api/auth/") ? "/api/auth/[...nextauth]" : path);
  const described = operations.map(({ path, method }) => `${nameOf(path)} ${method.toUpperCase()}`);
  expect([...new Set(described)].sort()).toEqual(routesOnDisk().sort());
});

test("every reference leads somewhere in the whole document", () => {
  const references = [...JSON.stringify(apiDescription).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to);
  expect(references).toContain("#/components/schemas/LoanEvent");
  for (const reference of references) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(reference ?? "")?.[1] ?? "";
    expect(Object.keys(description.components.schemas), reference).toContain(name);
  }
});

test("every kind of authorisation that is asked for is described", () => {
  for (const { operation } of operations)
    for (const name of (operation.security ?? []).flatMap((one) => Object.keys(one)))
      expect(Object.keys(description.components.securitySchemes)).toContain(name);
});

test("the example parses by the schema that parses requests", () => {
  expect(batchSchema.safeParse(batchExample)).toMatchObject({ success: true });
  expect(JSON.stringify(description.paths["/api/loans/events"]?.post)).toContain(
    JSON.stringify(batchExample),
  );
});
