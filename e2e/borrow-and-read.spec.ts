/** What a patron borrows is in their history when they unlock it, and wrong ways to unlock say what to do. */
import { readFile } from "node:fs/promises";
import { expectNoAxeViolation, expectNoSidewaysScroll } from "./accessible-page";
import { demoCards, expect, test } from "./commonplace-test";
import {
  checkout,
  deleteHistoryIfAny,
  type Keys,
  reportLoans,
  turnOnHistory,
  unlockHistory,
} from "./reading-history";
import { sql } from "./server-sql";

const [, card] = demoCards;
let keys: Keys;

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
  keys = await turnOnHistory(page);
});

test("a book borrowed and returned at the desk is in the history, with its days", async ({
  page,
  library,
}) => {
  const [item] = await sql(
    library.databaseUrl,
    `select barcode, title from items join records on records.id = record_id
     where format = 'book' and barcode not in (select barcode from demo_loans) and record_id not in (select record_id from demo_holds)
     order by barcode limit 1`,
  );
  await page.goto("/desk");
  await page.getByLabel("Library card number").fill(card);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status", { name: "Result" })).toContainText("The card is ready");
  await page.getByLabel("Item barcode").fill(String(item?.barcode));
  await page.getByLabel("Item barcode").press("Enter");
  await expect(page.getByRole("status", { name: "Result" })).toContainText("is checked out");
  await unlockHistory(page, keys.passphrase);
  const line = page.getByRole("list", { name: "Loans, newest first" }).getByRole("listitem");
  await expect(line).toHaveCount(1);
  await expect(line).toContainText(String(item?.title));
  await expect(line).toContainText(/Out.*Borrowed .* Due /);

  await page.goto("/desk");
  await page.getByLabel("Item barcode").fill(String(item?.barcode));
  await page.getByRole("button", { name: "Return" }).click();
  await expect(page.getByRole("status", { name: "Result" })).toContainText("returned");
  await unlockHistory(page, keys.passphrase);
  await expect(line).toHaveCount(1);
  await expect(line).toContainText(/Borrowed .* Returned /);
  await expectNoAxeViolation(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});

test("a wrong passphrase says how many tries are left; the recovery code opens forgivingly; a misread one is told", async ({
  page,
  library,
}) => {
  await reportLoans(library, [checkout(card, "loan-recovery", "The Lathe of Heaven")]);
  await page.goto("/history");
  await page.getByLabel("Passphrase").fill("not these words at all");
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("You have 9 tries left");
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Use my recovery code instead" }).click();
  const code = page.getByLabel("Recovery code");
  const misread = [...keys.recoveryGroups];
  misread[2] = misread[2]?.startsWith("2") ? "3333" : "2222";
  await code.fill(misread.join("-"));
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "Part of the recovery code was misread",
  );
  await page
    .getByLabel("Recovery code")
    .fill(` ${keys.recoveryGroups.join(" ").toLowerCase().replaceAll("0", "o")} `);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByText("The Lathe of Heaven").first()).toBeVisible();
});

test("ten wrong guesses are answered, then the server answers no more, and the recovery code still opens", async ({
  page,
}) => {
  await page.goto("/history");
  for (let left = 9; left >= 0; left--) {
    await page.getByLabel("Passphrase").fill(`wrong guess number ${left}`);
    await page.getByRole("button", { name: "Unlock" }).click();
    await expect(page.getByRole("main").getByRole("alert")).toContainText(
      left === 0 ? "no tries left" : `You have ${left} tr`,
    );
  }
  await page.getByLabel("Passphrase").fill(keys.passphrase);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("Too many tries");
  await page.getByRole("button", { name: "Use my recovery code instead" }).click();
  await page.getByLabel("Recovery code").fill(keys.recoveryGroups.join("-"));
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByRole("button", { name: "Lock", exact: true })).toBeVisible();
});

test("offline, the vault stays as it was and says so; what was merged but not saved is saved again", async ({
  page,
  library,
  context,
}) => {
  await reportLoans(library, [checkout(card, "loan-offline", "The Telling")]);
  await page.goto("/history");
  await page.getByLabel("Passphrase").fill(keys.passphrase);
  await context.setOffline(true);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("server did not answer");
  await context.setOffline(false);
  await page.route("**/api/vault", (route) =>
    route.request().method() === "PUT" ? route.abort() : route.continue(),
  );
  await page.getByLabel("Passphrase").fill(keys.passphrase);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByText("The Telling").first()).toBeVisible();
  await expect(page.getByText("Not saved yet")).toBeVisible();
  await page.unroute("**/api/vault");
  await page.getByRole("button", { name: "Save again" }).click();
  await expect(page.getByText("Not saved yet")).toBeHidden();
});

test("one entry is removed for good, and the whole history is exported from the browser", async ({
  page,
  library,
}) => {
  await reportLoans(library, [
    checkout(card, "loan-x1", "The Word for World Is Forest"),
    checkout(card, "loan-x2", "=HYPERLINK(1) and other tales"),
  ]);
  await unlockHistory(page, keys.passphrase);
  await page.getByRole("button", { name: "Remove: The Word for World Is Forest" }).click();
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByText("The Word for World Is Forest")).toHaveCount(0);
  // The library reports the loan once more: what was removed stays removed.
  await reportLoans(library, [{ type: "return", loan: "loan-x1", patron: card, day: "2026-11-20" }]);
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await unlockHistory(page, keys.passphrase);
  await expect(page.getByRole("list", { name: "Loans, newest first" }).getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "As a spreadsheet (CSV)" }).click(),
  ]);
  const csv = await readFile(await download.path(), "utf8");
  expect(csv).toContain("HYPERLINK(1) and other tales");
  expect(csv).not.toMatch(/(^|,)"?=HYPERLINK/m);
  expect(csv).not.toContain("Forest");
});
