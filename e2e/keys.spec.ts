/** The keys of an open history: a new passphrase and a new recovery code, and the old ones open nothing. */
import type { Page } from "@playwright/test";
import { expectNoAxeViolation, expectNoSidewaysScroll } from "./accessible-page";
import { demoCards, expect, test } from "./commonplace-test";
import { deleteHistoryIfAny, readRecoveryGroups, turnOnHistory, unlockHistory } from "./reading-history";

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, demoCards[1]);
  await deleteHistoryIfAny(page);
});

async function expectRefused(page: Page, passphrase: string): Promise<void> {
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByText("That passphrase does not open your history")).toBeVisible();
}

async function tryRecoveryCode(page: Page, groups: string[]): Promise<void> {
  await page.getByRole("button", { name: "Use my recovery code instead" }).click();
  await page.getByRole("textbox", { name: "Recovery code" }).fill(groups.join(" "));
  await page.getByRole("button", { name: "Unlock" }).click();
}

async function askedGroup(page: Page, groups: string[]): Promise<string> {
  const box = page.getByLabel(/Type group \d/);
  const label = (await box.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent)) ?? "";
  return groups[Number(/\d/.exec(label)?.[0]) - 1] ?? "";
}

test("a new passphrase opens the history, the old one does not, and the recovery code still does", async ({
  page,
}) => {
  const { passphrase, recoveryGroups } = await turnOnHistory(page);
  await unlockHistory(page, passphrase);
  await page.getByRole("button", { name: "Change my passphrase" }).click();
  await expect(page.getByRole("heading", { name: "Change your passphrase" })).toBeFocused();
  await expectNoAxeViolation(page);
  const field = page.getByLabel("New passphrase");
  await expect(field).not.toHaveValue("");
  const words = await field.inputValue();
  expect(words).not.toBe(passphrase);
  const present = page.getByLabel("Your present passphrase");

  await present.fill("not the one that is in force");
  await present.press("Enter");
  await expect(page.getByText("The present passphrase is not right. You have 9 tries left")).toBeVisible();
  await expect(page.getByText("Your keys are as they were")).toBeVisible();

  await present.fill(passphrase);
  await page.getByLabel("New passphrase").press("Enter");
  await expect(page.getByRole("heading", { name: "Your passphrase is changed" })).toBeFocused();
  await expectNoAxeViolation(page);

  await expectRefused(page, passphrase);
  await unlockHistory(page, words);
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await tryRecoveryCode(page, recoveryGroups);
  await expect(page.getByRole("button", { name: "Lock", exact: true })).toBeVisible();
});

test("a new recovery code opens the history and the old one does not, all by keyboard at 320 pixels", async ({
  page,
}) => {
  const { passphrase, recoveryGroups } = await turnOnHistory(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await unlockHistory(page, passphrase);
  await page.getByRole("button", { name: "New recovery code" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Make a new recovery code" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Your present passphrase")).toBeFocused();
  await page.keyboard.type(passphrase);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Keep your new recovery code" })).toBeFocused();
  await expectNoAxeViolation(page);
  await expectNoSidewaysScroll(page);
  const groups = await readRecoveryGroups(page);
  for (let stop = 0; stop < 3; stop += 1) await page.keyboard.press("Tab");
  await expect(page.getByLabel(/Type group \d/)).toBeFocused();
  await page.keyboard.type("nope");
  await page.keyboard.press("Enter");
  await expect(page.getByText("That is not this group.")).toBeVisible();
  await page.getByLabel(/Type group \d/).fill(await askedGroup(page, groups));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your new recovery code is in force" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your keys" })).toBeFocused();

  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await tryRecoveryCode(page, recoveryGroups);
  await expect(page.getByText("That recovery code does not open this history")).toBeVisible();
  await page.getByRole("textbox", { name: "Recovery code" }).fill(groups.join(" "));
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByRole("button", { name: "Lock", exact: true })).toBeVisible();
});

test("a new code that nobody typed back changes nothing", async ({ page }) => {
  const { passphrase, recoveryGroups } = await turnOnHistory(page);
  await unlockHistory(page, passphrase);
  await page.getByRole("button", { name: "New recovery code" }).click();
  await page.getByLabel("Your present passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Show the new code" }).click();
  await readRecoveryGroups(page);
  await page.getByRole("button", { name: "Leave it as it is" }).click();
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await tryRecoveryCode(page, recoveryGroups);
  await expect(page.getByRole("button", { name: "Lock", exact: true })).toBeVisible();
});
