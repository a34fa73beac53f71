/** Two web servers on one database and one keyring count attempts together, and merge one inbox without loss or doubling. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePortFrom } from "../scripts/port-check";
import { startWeb, type WebProcess } from "../scripts/web-process";
import { demoCards, expect, test } from "./commonplace-test";
import {
  allRows,
  deviceOf,
  newPassphrase,
  signInOverHttp,
  tryToSignIn,
  turnOnHistoryOf,
} from "./patron-over-http";
import { checkout, reportLoans } from "./reading-history";
import type { RunningLibrary } from "./running-library";
import { sql } from "./server-sql";

const [card] = demoCards;
let second: WebProcess | undefined;

test.describe.configure({ timeout: 180_000 });
test.afterEach(async () => {
  await second?.stop();
  second = undefined;
});

/** Another process of the same library, as a second host behind a balancer would run it. @returns both addresses. */
async function besides(library: RunningLibrary): Promise<[string, string]> {
  const port = await freePortFrom(library.port + 1);
  const secrets = JSON.parse(await readFile(join(library.dataDir, "secrets.json"), "utf8"));
  second = await startWeb(
    fileURLToPath(new URL("..", import.meta.url)),
    ["scripts/web-server.mjs"],
    {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      PORT: String(port),
      DATA_DIR: library.dataDir,
      DATABASE_URL: library.databaseUrl,
      AUTH_SECRET: secrets.AUTH_SECRET,
      LOANS_TOKEN: secrets.LOANS_TOKEN,
    },
    { saysWhenReady: true },
  );
  return [library.url, `http://localhost:${port}`];
}

test("wrong PINs are counted together: after five at either process neither takes the sixth, nor the right one", async ({
  startCommonplace,
}) => {
  const [here, there] = await besides(await startCommonplace());
  for (const url of [here, there, there, here, there])
    expect((await tryToSignIn(url, card, "0000")).location).toContain("error=wrong-credentials");
  for (const url of [here, there])
    for (const pin of ["0000", "1234"]) {
      const { cookie, location } = await tryToSignIn(url, card, pin);
      expect([cookie, location]).toEqual([undefined, expect.stringContaining("error=too-many-attempts")]);
    }
});

test("sixteen wrong PINs at once, half at each process: five are judged", async ({ startCommonplace }) => {
  const addresses = await besides(await startCommonplace());
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, turn) => tryToSignIn(String(addresses[turn % 2]), card, "0000")),
  );
  const judged = answers.filter(({ location }) => location.includes("error=wrong-credentials"));
  const refused = answers.filter(({ location }) => location.includes("error=too-many-attempts"));
  expect([judged.length, refused.length]).toEqual([5, 11]);
});

test("guesses at a passphrase are counted together, a session of one holds at the other, and the recovery code opens", async ({
  startCommonplace,
}) => {
  const [here, there] = await besides(await startCommonplace());
  const cookie = await signInOverHttp(here, card);
  const passphrase = newPassphrase();
  const recoveryCode = await turnOnHistoryOf(deviceOf(here, cookie), passphrase);
  const devices = [deviceOf(here, cookie), deviceOf(there, cookie)];
  for (let left = 9; left >= 0; left--) {
    const guess = devices[left % 2]?.unlock({ kind: "passphrase", secret: `wrong guess ${left} of them` });
    expect(await guess).toEqual({ ok: false, why: "wrong-passphrase", guessesLeft: left });
  }
  for (const device of devices) {
    expect(await device.unlock({ kind: "passphrase", secret: passphrase })).toMatchObject({
      why: "no-guesses",
    });
    expect(await device.unlock({ kind: "recovery", secret: recoveryCode })).toMatchObject({ ok: true });
  }
});

test("two devices at two processes merge one inbox at once, while both report loans: none lost, none doubled", async ({
  startCommonplace,
}) => {
  const library = await startCommonplace();
  const addresses = await besides(library);
  const cookie = await signInOverHttp(library.url, card);
  const passphrase = newPassphrase();
  const first = deviceOf(addresses[0], cookie);
  await turnOnHistoryOf(first, passphrase);
  const other = deviceOf(addresses[1], cookie);
  expect(await other.unlock({ kind: "passphrase", secret: passphrase })).toMatchObject({ ok: true });

  let loans = 0;
  for (let round = 0; round < 4; round++) {
    const events = Array.from({ length: 12 }, () => checkout(card, `loan-${loans}`, `Volume ${loans++}`));
    const returns = events.map(({ loan }) => ({ type: "return", loan, patron: card, day: "2026-11-20" }));
    // Every loan is reported at both, so that each process meets the other's repeats.
    const reports = addresses.flatMap((url) => [
      reportLoans({ ...library, url }, [...events, ...returns]),
      reportLoans({ ...library, url }, [...returns].reverse()),
    ]);
    const answers = Promise.all(reports);
    let isOver = false;
    answers.finally(() => {
      isOver = true;
    });
    while (!isOver)
      for (const outcome of await Promise.all([first.refresh(), other.refresh()]))
        expect(outcome).toMatchObject({ ok: true });
    for (const { status } of await answers) expect(status).toBe(204);
    await Promise.all([first.refresh(), other.refresh()]);
  }
  await first.refresh();
  await other.refresh();
  const fresh = deviceOf(addresses[1], cookie);
  await fresh.unlock({ kind: "passphrase", secret: passphrase });
  const expected = Array.from({ length: loans }, (_, number) => `Volume ${number}`).sort();
  for (const device of [first, other, fresh]) {
    expect(device.overview()).toMatchObject({
      total: loans,
      stillOut: 0,
      gap: false,
      unsaved: false,
      unreadableInbox: 0,
      lost: { chapters: 0 },
    });
    expect(
      allRows(device)
        .map(({ title }) => title)
        .sort(),
    ).toEqual(expected);
  }
  expect(await sql(library.databaseUrl, "select count(*)::int as n from vault_inbox")).toEqual([{ n: 0 }]);
  expect(await sql(library.databaseUrl, "select count(*)::int as n from loan_marks")).toEqual([{ n: 0 }]);
});
