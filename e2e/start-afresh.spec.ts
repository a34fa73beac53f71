/** Starting afresh: new keys for a whole history, other windows lock, and a damaged history says so and can be begun again. */
import type { Page } from "@playwright/test";
import { expectNoAxeViolation, expectNoSidewaysScroll } from "./accessible-page";
import { demoCards, expect, test } from "./commonplace-test";
import {
  checkout,
  deleteHistoryIfAny,
  readRecoveryGroups,
  reportLoans,
  turnOnHistory,
  unlockHistory,
} from "./reading-history";
import { sql } from "./server-sql";

const card = demoCards[1];

// Keys are stretched eight times in one of them.
test.describe.configure({ timeout: 120_000 });

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
});

async function askedGroup(page: Page, groups: string[]): Promise<string> {
  const box = page.getByLabel(/Type group \d/);
  const label = (await box.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent)) ?? "";
  return groups[Number(/\d/.exec(label)?.[0]) - 1] ?? "";
}

async function tryRecoveryCode(page: Page, groups: string[]): Promise<void> {
  await page.getByRole("button", { name: "Use my recovery code instead" }).click();
  await page.getByRole("textbox", { name: "Recovery code" }).fill(groups.join(" "));
  await page.getByRole("button", { name: "Unlock" }).click();
}

test("new keys by keyboard: the second window locks, a loan returned meanwhile is one entry, the old keys open nothing", async ({
  page,
  context,
  library,
}) => {
  const { passphrase, recoveryGroups } = await turnOnHistory(page);
  const loan = `afresh-${Date.now()}`;
  expect((await reportLoans(library, [checkout(card, loan, "The Telling")])).status).toBe(204);
  await page.setViewportSize({ width: 320, height: 640 });
  await unlockHistory(page, passphrase);
  await expect(page.getByText("The Telling")).toBeVisible();
  const second = await context.newPage();
  await second.goto("/history");
  await unlockHistory(second, passphrase);
  await page.bringToFront();

  await page.getByRole("button", { name: "Start afresh…" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Start your history afresh" })).toBeFocused();
  await expectNoAxeViolation(page);
  await expectNoSidewaysScroll(page);
  const newPassphrase = await page.getByLabel("New passphrase").inputValue();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Your present passphrase")).toBeFocused();
  await page.keyboard.type(passphrase);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Keep your new recovery code" })).toBeFocused();
  await expectNoAxeViolation(page);
  await expectNoSidewaysScroll(page);
  const groups = await readRecoveryGroups(page);
  expect(groups).not.toEqual(recoveryGroups);
  await page.getByLabel(/Type group \d/).fill(await askedGroup(page, groups));
  expect((await reportLoans(library, [{ type: "return", loan, day: "2026-11-20" }])).status).toBe(204);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your history has new keys" })).toBeFocused();
  await expectNoAxeViolation(page);
  await expect(page.getByText("The Telling")).toHaveCount(1);
  await expect(page.getByText(/1 loan/).first()).toBeVisible();

  await expect(second.getByRole("heading", { name: "Your history is locked" })).toBeVisible();
  await expect(second.getByText("It was started afresh in another window")).toBeVisible();
  await expectNoAxeViolation(second);
  await second.close();

  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByText("That passphrase does not open your history")).toBeVisible();
  await tryRecoveryCode(page, recoveryGroups);
  await expect(page.getByText("That recovery code does not open this history")).toBeVisible();
  await page.getByRole("textbox", { name: "Recovery code" }).fill(groups.join(" "));
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByText("The Telling")).toHaveCount(1);
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await unlockHistory(page, newPassphrase);
  await expect(page.getByText("The Telling")).toHaveCount(1);
});

test("another device that is open learns of it at its next act, and locks", async ({
  page,
  browser,
  library,
  signIn,
}) => {
  const { passphrase } = await turnOnHistory(page);
  await reportLoans(library, [checkout(card, `afresh-device-${Date.now()}`, "Always Coming Home")]);
  const device = await browser.newContext({ baseURL: library.url });
  const other = await device.newPage();
  await signIn(other, card);
  await unlockHistory(other, passphrase);
  await unlockHistory(page, passphrase);
  await page.getByRole("button", { name: "Start afresh…" }).click();
  await page.getByLabel("Your present passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Show the new recovery code" }).click();
  const groups = await readRecoveryGroups(page);
  await page.getByLabel(/Type group \d/).fill(await askedGroup(page, groups));
  await page.getByRole("button", { name: "Start afresh now" }).click();
  await expect(page.getByRole("heading", { name: "Your history has new keys" })).toBeFocused();

  await other
    .getByRole("button", { name: /^Remove: / })
    .first()
    .click();
  await other.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(other.getByText("It was started afresh in another window or on another device")).toBeVisible();
  await device.close();
});

test("a code that nobody typed back changes nothing, and the passphrase in use cannot be the new one", async ({
  page,
}) => {
  const { passphrase } = await turnOnHistory(page);
  await unlockHistory(page, passphrase);
  await page.getByRole("button", { name: "Start afresh…" }).click();
  await page.getByLabel("Your present passphrase").fill(passphrase);
  await page.getByLabel("New passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Show the new recovery code" }).click();
  await expect(page.getByText("That is the passphrase you use now")).toBeVisible();
  await expectNoAxeViolation(page);
  await page.getByLabel("New passphrase").fill("quite another five good words");
  await page.getByRole("button", { name: "Show the new recovery code" }).click();
  await readRecoveryGroups(page);
  await page.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(page.getByRole("heading", { name: "Start afresh", exact: true })).toBeFocused();
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await unlockHistory(page, passphrase);
});

test("a history whose head is damaged says what happened, and is deleted and begun again", async ({
  page,
  library,
}) => {
  const { passphrase } = await turnOnHistory(page);
  await page.goto("/history");
  const answer = await page.request.get("/api/vault");
  const { vault } = await answer.json();
  await sql(library.databaseUrl, "update vaults set head = '\\x00' where id = $1", [vault.vaultId]);
  const damaged = await page.request.get("/api/vault");
  expect([damaged.status(), (await damaged.json()).type]).toEqual([409, "urn:commonplace:problem:damaged"]);

  await page.reload();
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByText("Your history is damaged on the library's server")).toBeVisible();
  await expectNoAxeViolation(page);
  const lines = library
    .output()
    .split("\n")
    .filter((line) => line.includes("vault-damaged"));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).not.toContain(vault.vaultId);
  await page.getByRole("button", { name: "Delete and begin again" }).click();
  await expect(page.getByRole("heading", { name: "Your reading history is deleted" })).toBeFocused();
  await page.getByRole("link", { name: "Turn on a new reading history" }).click();
  await expect(page.getByRole("heading", { name: "What it means" })).toBeVisible();
});
