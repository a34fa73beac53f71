/** The demo library's desk: checks out, renews and returns by keyboard alone, keeps to the policy, works without JavaScript. */
import type { Page } from "@playwright/test";
import { expectNoAxeViolation, expectNoSidewaysScroll } from "./accessible-page";
import { demoCards, expect, type SharedLibrary, test } from "./commonplace-test";
import { sql } from "./server-sql";

const [, , card] = demoCards;

const notReported = "could not be told";

const result = (page: Page) => page.getByRole("status", { name: "Result" });

/** A book that nobody has out or waits for. */
async function freeItem(library: SharedLibrary): Promise<{ barcode: string; title: string }> {
  const [row] = await sql(
    library.databaseUrl,
    `select barcode, title from items join records on records.id = record_id
     where format = 'book' and barcode not in (select barcode from demo_loans)
       and record_id not in (select record_id from demo_holds)
     order by barcode desc limit 1`,
  );
  return { barcode: String(row?.barcode), title: String(row?.title) };
}

async function countLoans(library: SharedLibrary, barcode: string): Promise<unknown> {
  const rows = await sql(
    library.databaseUrl,
    "select count(*)::int as n from demo_loans where barcode = $1",
    [barcode],
  );
  return rows[0]?.n;
}

test("checkout, renewal and return by keyboard, the barcode box keeping the focus", async ({
  page,
  library,
  requests,
}) => {
  const { barcode, title } = await freeItem(library);
  const box = page.getByLabel("Item barcode");
  await page.goto("/desk");
  await expect(page.getByLabel("Library card number")).toBeFocused();
  await page.keyboard.type(card);
  await page.keyboard.press("Enter");
  await expect(result(page)).toContainText("The card is ready.");
  await expect(box).toBeFocused();

  await page.keyboard.type(barcode);
  await page.keyboard.press("Enter");
  await expect(result(page)).toContainText(`“${title}” is checked out.`);
  await expect(result(page)).not.toContainText(notReported);
  await expect(box).toBeFocused();
  await expect(box).toHaveValue("");
  await expect(page.getByRole("region", { name: "Out on this card" })).toContainText(title);
  await expectNoAxeViolation(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);

  await page.keyboard.type(barcode);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Renew" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(result(page)).toContainText(`“${title}” is renewed.`);
  await expect(result(page)).not.toContainText(notReported);
  await expect(box).toBeFocused();

  await page.keyboard.type(barcode);
  for (let count = 0; count < 3; count++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(result(page)).toContainText(`“${title}” is returned.`);
  await expect(result(page)).not.toContainText(notReported);
  await expect(page.getByRole("region", { name: "Out on this card" })).not.toContainText(title);
  expect(await countLoans(library, barcode)).toBe(0);

  await page.getByRole("button", { name: "Finish with this card" }).press("Enter");
  await expect(page.getByLabel("Library card number")).toBeFocused();
  for (const address of requests.map((request) => request.url())) {
    expect(address).not.toContain(barcode);
    expect(address).not.toContain(card);
  }
});

test("what is out shows on the account, and a fine stays until it is paid", async ({
  page,
  library,
  signIn,
}) => {
  const { barcode, title } = await freeItem(library);
  await page.goto("/desk");
  await page.getByLabel("Library card number").fill(card);
  await page.getByRole("button", { name: "Use this card" }).click();
  await page.getByLabel("Item barcode").fill(barcode);
  await page.getByRole("button", { name: "Check out" }).click();
  await expect(result(page)).toContainText("is checked out.");
  await sql(library.databaseUrl, "update demo_loans set due_on = current_date - 10 where barcode = $1", [
    barcode,
  ]);

  await signIn(page, card);
  await page.goto("/account");
  await expect(page.getByRole("region", { name: "Out to you" })).toContainText(/\d+ days overdue/);

  await page.goto("/desk");
  await page.getByLabel("Item barcode").fill(barcode);
  await page.getByRole("button", { name: "Renew" }).click();
  await expect(result(page)).toContainText("cannot be renewed");
  await page.getByLabel("Item barcode").fill(barcode);
  await page.getByRole("button", { name: "Return" }).click();
  await expect(result(page)).toContainText(/It was late: \$2\.\d\d/);
  expect(await countLoans(library, barcode)).toBe(1);
  await page.goto("/account");
  await expect(page.getByRole("region", { name: "Out to you" })).not.toContainText(title);
  await expect(page.getByRole("region", { name: "Fines" })).toContainText(title);

  await page.goto("/desk");
  await page.getByRole("button", { name: /^Pay .* for / }).click();
  await expect(result(page)).toContainText("is paid.");
  expect(await countLoans(library, barcode)).toBe(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the desk lends and takes back", async ({ page, library }) => {
    const { barcode, title } = await freeItem(library);
    await page.goto("/desk");
    await page.getByLabel("Library card number").fill("000");
    await page.getByRole("button", { name: "Use this card" }).click();
    await expect(result(page)).toContainText("This library has no such card.");
    await page.getByLabel("Library card number").fill(card);
    await page.getByRole("button", { name: "Use this card" }).click();
    await page.getByLabel("Item barcode").fill(barcode);
    await page.getByLabel("Item barcode").press("Enter");
    await expect(result(page)).toContainText(`“${title}” is checked out.`);
    await expect(result(page)).not.toContainText(notReported);
    await page.getByLabel("Item barcode").fill(barcode);
    await page.getByRole("button", { name: "Return" }).click();
    await expect(result(page)).toContainText(`“${title}” is returned.`);
    await expect(result(page)).not.toContainText(notReported);
    await expect(page).toHaveURL(/\/desk$/);
  });
});
