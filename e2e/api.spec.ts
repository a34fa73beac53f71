/** The API from outside, as a program meets it: what it answers, what it refuses, and that its description says so. */
import { demoCards, expect, type SharedLibrary, test } from "./commonplace-test";
import { signInOverHttp } from "./patron-over-http";
import { checkout, reportLoans } from "./reading-history";

const [card] = demoCards;

async function problemOf(answer: Response): Promise<{ status: number; type: string; rest: unknown }> {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("cache-control")).toContain("no-store");
  const { type, title, status, ...rest } = await answer.json();
  expect([status, typeof title]).toEqual([answer.status, "string"]);
  return { status, type, rest };
}

const problem = (status: number, code: string, rest: unknown = {}) => ({
  status,
  type: `urn:commonplace:problem:${code}`,
  rest,
});

test.describe("GET /api/search", () => {
  const search = ({ url }: SharedLibrary, query: string) => fetch(`${url}/api/search?${query}`);

  test("answers with a total and items of id, title, authors, year and ISBN", async ({ library }) => {
    const answer = await search(library, "q=middlemarch");
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const { total, items, ...rest } = await answer.json();
    expect(rest).toEqual({});
    expect(total).toBe(items.length);
    for (const item of items) {
      expect(Object.keys(item)).toEqual(["id", "title", "authors", "year", "isbn"]);
      expect(item).toMatchObject({ id: expect.any(Number), title: expect.any(String) });
      expect(Array.isArray(item.authors)).toBe(true);
    }
    expect(items[0].title).toContain("Middlemarch");
    expect(items[0].authors.join()).toContain("Eliot");
    expect((await fetch(`${library.url}/record/${items[0].id}`)).status).toBe(200);
  });

  test("pages follow each other without a gap or an overlap, and end", async ({ library }) => {
    const page = async (limit: number, number: number) =>
      (await search(library, `q=the&limit=${limit}&page=${number}`)).json();
    const whole = await page(10, 1);
    expect(whole.items).toHaveLength(10);
    const parts = [...(await page(5, 1)).items, ...(await page(5, 2)).items];
    expect(parts).toEqual(whole.items);
    expect((await (await search(library, "q=the")).json()).items).toHaveLength(20);
    expect(await page(100, 100_000)).toEqual({ total: whole.total, items: [] });
    expect(await (await search(library, "q=qqqqzzzzxxxx")).json()).toEqual({ total: 0, items: [] });
  });

  for (const query of [
    "",
    "limit=5",
    "q=a&limit=0",
    "q=a&limit=101",
    "q=a&limit=-1",
    "q=a&limit=1.5",
    "q=a&limit=ten",
    "q=a&limit=",
    "q=a&page=0",
    "q=a&page=100001",
    "q=a&page=9999999999",
  ]) {
    test(`"?${query}" is malformed`, async ({ library }) => {
      expect(await problemOf(await search(library, query))).toEqual(problem(400, "malformed"));
    });
  }

  test("any words are a question, however strange", async ({ library }) => {
    const words = [
      "",
      "%00",
      "'%3B drop table records",
      "%22 %26 | ! ( ) : *",
      "%F0%9F%A6%84",
      "x".repeat(5000),
    ];
    for (const q of words) {
      const answer = await search(library, `q=${q}`);
      expect([answer.status, q]).toEqual([200, q]);
      expect(await answer.json()).toMatchObject({ total: expect.any(Number) });
    }
  });
});

test.describe("POST /api/loans/events", () => {
  const send = ({ url }: SharedLibrary, body: string, authorization?: string) =>
    fetch(`${url}/api/loans/events`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization ? { authorization } : {}) },
      body,
    });
  const good = checkout(card, "api-loan", "A Title for the Interface");

  test("taken events are answered with an empty 204", async ({ library }) => {
    const answer = await reportLoans(library, [good]);
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("content-type")).toBeNull();
  });

  test("no token, a wrong one, and the right one in another scheme are refused alike, before the body is read", async ({
    library,
  }) => {
    const shown = [undefined, "Bearer wrong", "Bearer ", `Basic ${library.loansToken}`, library.loansToken];
    for (const authorization of [...shown, `Bearer ${library.loansToken}x`]) {
      const answer = await send(library, "not even JSON", authorization);
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="loans"');
      expect(await problemOf(answer)).toEqual(problem(401, "wrong-token"));
    }
  });

  test("a malformed item is listed by its place and what the schema asks, and the others are taken", async ({
    library,
  }) => {
    const { day: _, ...dayless } = good;
    const events = [good, dayless, { ...good, colour: "secret words" }, { type: "theft" }, "words", good];
    const answer = await reportLoans(library, events);
    const text = await answer.clone().text();
    const { status, type, rest } = await problemOf(answer);
    expect([status, type]).toEqual([422, "urn:commonplace:problem:malformed-events"]);
    expect(rest).toMatchObject({
      taken: 2,
      malformed: [
        { index: 1, faults: [{ at: "/day" }] },
        { index: 2, faults: [{ at: "/", asks: "no other keys than the described ones" }] },
        { index: 3, faults: [{ at: "/type" }] },
        { index: 4, faults: [{ at: "/" }] },
      ],
    });
    for (const word of ["secret words", "colour", "theft", good.record.title])
      expect(text).not.toContain(word);
  });

  test("500 events are a batch, 501 and none are not", async ({ library }) => {
    // Their patrons have no history, and each event is its own loan.
    const many = Array.from({ length: 501 }, (_, number) => ({
      type: "return",
      loan: `m${number}`,
      day: "2026-11-20",
    }));
    expect((await reportLoans(library, many.slice(1))).status).toBe(204);
    for (const events of [many, []])
      expect(await problemOf(await reportLoans(library, events))).toEqual(problem(400, "malformed"));
  });

  test("the longest batch that fits is taken: 15 MB of events", async ({ library }) => {
    const record = {
      title: "🦩".repeat(1000),
      author: "🫀".repeat(500),
      subjects: Array(40).fill("🧶".repeat(150)),
    };
    const events = Array.from({ length: 500 }, (_, number) => ({
      type: "return",
      loan: `l${number}`,
      day: "2026-11-20",
      record,
    }));
    expect(JSON.stringify(events).length).toBeGreaterThan(7_000_000);
    expect((await reportLoans(library, events)).status).toBe(204);
  });

  test("a body that is too large, not JSON, or not a batch says which", async ({ library }) => {
    const token = `Bearer ${library.loansToken}`;
    const large = `{"events":["${"x".repeat(16 * 1024 * 1024)}"]}`;
    expect(await problemOf(await send(library, large, token))).toEqual(problem(413, "too-large"));
    expect(await problemOf(await send(library, "", token))).toEqual(problem(400, "not-json"));
    expect(await problemOf(await send(library, '{"events":', token))).toEqual(problem(400, "not-json"));
    for (const body of ["[]", "{}", "null", '{"events":{}}', `{"events":[${JSON.stringify(good)}],"more":1}`])
      expect(await problemOf(await send(library, body, token)), body).toEqual(problem(400, "malformed"));
  });

  test("other methods are not allowed", async ({ library }) => {
    for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
      const answer = await fetch(`${library.url}/api/loans/events`, { method });
      expect([method, answer.status]).toEqual([method, 405]);
    }
  });
});

test("the description is served, and its example is taken as it stands", async ({ library }) => {
  const answer = await fetch(`${library.url}/api/openapi.json`);
  const description = await answer.json();
  expect([answer.status, description.openapi]).toEqual([200, "3.1.0"]);
  const { post } = description.paths["/api/loans/events"];
  const { example } = post.requestBody.content["application/json"];
  const taken = await reportLoans(library, example.events);
  expect(Object.keys(post.responses)).toContain(String(taken.status));
  expect(taken.status).toBe(204);
  for (const status of [400, 401, 413, 422]) expect(Object.keys(post.responses)).toContain(String(status));
  const limits = description.paths["/api/search"].get.parameters;
  expect(limits).toMatchObject([
    { name: "q" },
    { schema: { minimum: 1, maximum: 100, default: 20 } },
    { schema: { minimum: 1 } },
  ]);
});

test("a vault's routes answer nobody who is not signed in", async ({ library }) => {
  for (const [path, method] of [
    ["", "GET"],
    ["", "POST"],
    ["", "PUT"],
    ["", "DELETE"],
    ["/guess", "POST"],
    ["/guess", "PUT"],
    ["/passphrase-slot", "POST"],
    ["/slots", "PUT"],
    ["/afresh", "POST"],
  ] as const) {
    const answer = await fetch(`${library.url}/api/vault${path}`, { method });
    expect(await problemOf(answer), `${method} ${path}`).toEqual(problem(401, "signed-out"));
  }
});

test("a vault's long write reaches its route whole, and a longer one is too large", async ({ library }) => {
  const cookie = await signInOverHttp(library.url, card);
  const write = (bytes: number) =>
    fetch(`${library.url}/api/vault`, {
      method: "PUT",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ manifest: "A".repeat(bytes) }),
    });
  expect(await problemOf(await write(23 * 2 ** 20))).toEqual(problem(400, "malformed"));
  expect(await problemOf(await write(24 * 2 ** 20))).toEqual(problem(413, "too-large"));
});

test("health says that the server and its database are up, to anyone and to no cache", async ({
  library,
}) => {
  const answer = await fetch(`${library.url}/api/health`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
  expect(answer.headers.get("cache-control")).toContain("no-store");
});
