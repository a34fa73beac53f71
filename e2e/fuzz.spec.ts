/** Mutated requests to every route: refused in problem details, never a 500, and never with an echo of what was sent. */
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
  expect(report.signedAndTaken).toBeGreaterThan(10);
  for (const status of [400, 401, 403, 405, 422])
    expect([status, report.byStatus.has(status)]).toEqual([status, true]);
  expect(await deviceOf(library.url, owner).unlock({ kind: "recovery", secret: "" })).toMatchObject({
    ok: false,
  });
});
