/** Mutated requests to every route: refused in problem details, never a 500, and never with an echo of what was sent. */
import { createServer } from "node:http";
import { demoCards, expect, test } from "./commonplace-test";
import { deviceOf, signInOverHttp } from "./patron-over-http";
import { fuzzRequests } from "./request-fuzz";

/** A share of `npm run bench -- fuzz`. */
const requests = 1_000;
const seed = 20_261_124;

test("a thousand mutated requests meet no 500, no echo and no failed request in the log", async ({
  library,
}) => {
  test.setTimeout(180_000);
  const [first, second] = demoCards;
  const owner = await signInOverHttp(library.url, first);
  const newcomer = await signInOverHttp(library.url, second);
  for (const cookie of [owner, newcomer])
    await fetch(`${library.url}/api/vault`, { method: "DELETE", headers: { cookie } });
  const report = await fuzzRequests(library, { owner, newcomer }, requests, seed);
  expect(report.faults.slice(0, 5)).toEqual([]);
  expect(report.requests).toBeGreaterThanOrEqual(requests);
  expect(report.signedAndTaken).toBeGreaterThan(3);
  for (const status of [400, 401, 403, 405, 422])
    expect([status, report.byStatus.has(status)]).toEqual([status, true]);
  expect(await deviceOf(library.url, owner).unlock({ kind: "recovery", secret: "" })).toMatchObject({
    ok: false,
  });
});

test("the fuzz notices a server that fails, echoes, answers in no problem details, or prints what it got", async () => {
  const printed: string[] = [];
  const server = createServer(async (request, answer) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces).toString();
    printed.push(body);
    const made = request.url === "/api/vault/passphrase-slot" ? { ticket: "AAAA" } : {};
    if (request.url?.startsWith("/api/vault/guess")) answer.writeHead(422).end(body);
    else if (request.url?.startsWith("/api/search")) answer.writeHead(500).end("{}");
    else answer.writeHead(request.url === "/api/vault" ? 201 : 200).end(JSON.stringify(made));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const library = { url: `http://127.0.0.1:${port}`, loansToken: "t", output: () => printed.join("\n") };
    const { faults } = await fuzzRequests(library, { owner: "a=1", newcomer: "b=1" }, 300, seed);
    for (const words of ["answered 500", "echoed", "without problem details", "printed what was sent"])
      expect([words, faults.some((fault) => fault.includes(words))]).toEqual([words, true]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
