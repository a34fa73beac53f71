/** One click deletes the history: locked, open, without JavaScript; the receipt says what was destroyed. */
import { readFile } from "node:fs/promises";
import { expectNoAxeViolation } from "./accessible-page";
import { demoCards, expect, test } from "./commonplace-test";
import { checkout, deleteHistoryIfAny, reportLoans, turnOnHistory, unlockHistory } from "./reading-history";
import { sql } from "./server-sql";

const [, , card] = demoCards;
const tables = ["vaults", "vault_keys", "vault_slots", "vault_chapters", "vault_inbox", "loan_marks"];

async function rowCounts(databaseUrl: string): Promise<number[]> {
  const counts = tables.map(
    async (table) => (await sql(databaseUrl, `select count(*)::int as n from ${table}`))[0]?.n,
  );
  return (await Promise.all(counts)).map(Number);
}

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
});

for (const state of ["locked", "open"] as const) {
  test(`with the history ${state}, one click and no passphrase deletes every row, and gives a receipt`, async ({
    page,
    library,
  }) => {
    const before = await rowCounts(library.databaseUrl);
    const { passphrase } = await turnOnHistory(page);
    await reportLoans(library, [checkout(card, `loan-delete-${state}`, "Always Coming Home")]);
    await page.goto("/history");
    if (state === "open") {
      await unlockHistory(page, passphrase);
      await expect(page.getByRole("button", { name: "Export first" })).toBeVisible();
    }
    await page.getByRole("button", { name: "Delete my reading history" }).click();
    await expect(page.getByRole("heading", { name: "Your reading history is deleted" })).toBeFocused();
    expect(await rowCounts(library.databaseUrl)).toEqual(before);
    await expect(page.getByText("Always Coming Home")).toHaveCount(0);
    await expect(page.getByText("The library's lending system still knows")).toBeVisible();
    await expectNoAxeViolation(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the receipt" }).click(),
    ]);
    const receipt = await readFile(await download.path(), "utf8");
    expect(JSON.parse(receipt)).toMatchObject({ receipt: "commonplace-deletion", version: 1 });
    expect(JSON.parse(receipt).destroyed).toContain("keys");
    expect(receipt).not.toContain(card);
    await page.goto("/history");
    await expect(page.getByRole("link", { name: "Turn on reading history" })).toBeVisible();
  });
}

test("without JavaScript the button deletes too, and the receipt is on the page", async ({
  page,
  browser,
  library,
}) => {
  await turnOnHistory(page);
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    baseURL: library.url,
    storageState: await page.context().storageState(),
  });
  const screen = await plain.newPage();
  await screen.goto("/history");
  await screen.getByRole("button", { name: "Delete my reading history" }).click();
  await expect(screen.getByRole("heading", { name: "Your reading history is deleted" })).toBeVisible();
  await screen.getByText("Show the receipt").click();
  await expect(screen.getByText("commonplace-deletion")).toBeVisible();
  await plain.close();
});

test("DELETE /api/vault answers with the receipt, once, and to the patron's own pages only", async ({
  page,
  library,
}) => {
  await turnOnHistory(page);
  const foreign = await page.request.delete("/api/vault", { headers: { "sec-fetch-site": "cross-site" } });
  expect(foreign.status()).toBe(403);
  const answers = await page.evaluate(async () => {
    const first = await fetch("/api/vault", { method: "DELETE" });
    const second = await fetch("/api/vault", { method: "DELETE" });
    return { first: first.status, receipt: await first.json(), second: second.status };
  });
  expect(answers).toMatchObject({ first: 200, receipt: { receipt: { version: 1 } }, second: 404 });
  const anonymous = await fetch(`${library.url}/api/vault`, { method: "DELETE" });
  expect(anonymous.status).toBe(401);
});
