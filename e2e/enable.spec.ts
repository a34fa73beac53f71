/** A patron turns the history on, by keyboard too, and nothing is stored before the last step. */
import { expectNoAxeViolation, expectNoSidewaysScroll } from "./accessible-page";
import { demoCards, expect, test } from "./commonplace-test";
import { deleteHistoryIfAny, readRecoveryGroups, turnOnHistory, unlockHistory } from "./reading-history";
import { sql } from "./server-sql";

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, demoCards[0]);
  await deleteHistoryIfAny(page);
});

test("turning on takes four steps and ends in an empty history that the passphrase opens", async ({
  page,
  library,
}) => {
  const before = await sql(library.databaseUrl, "select count(*)::int as n from vaults");
  await page.goto("/history/setup");
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "tick the box" })).toBeVisible();
  const { passphrase } = await turnOnHistory(page);
  const after = await sql(library.databaseUrl, "select count(*)::int as n from vaults");
  expect(after[0]?.n).toBe(Number(before[0]?.n) + 1);
  await page.getByRole("link", { name: "Open my reading history" }).click();
  await unlockHistory(page, passphrase);
  await expect(page.getByText("Your history is on, and empty")).toBeVisible();
  await expectNoAxeViolation(page);
});

test("the whole set-up works by keyboard alone, at 320 pixels, and each step takes the focus", async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/history/setup");
  await page.getByLabel(/I understand/).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Choose your passphrase" })).toBeFocused();
  await expectNoAxeViolation(page);
  await expectNoSidewaysScroll(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("textbox", { name: "Passphrase" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Keep your recovery code" })).toBeFocused();
  await expectNoAxeViolation(page);
  await expectNoSidewaysScroll(page);
  const groups = await readRecoveryGroups(page);
  const box = page.getByLabel(/Type group/);
  const label = (await box.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent)) ?? "";
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(box).toBeFocused();
  await page.keyboard.type("nope");
  await page.keyboard.press("Enter");
  await expect(page.getByText("That is not this group.")).toBeVisible();
  await box.fill((groups[Number(/\d/.exec(label)?.[0]) - 1] ?? "").toLowerCase());
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your reading history is on" })).toBeFocused();
});

test("leaving before the last step stores nothing", async ({ page, library }) => {
  const count = async () =>
    (await sql(library.databaseUrl, "select count(*)::int as n from vault_keys"))[0]?.n;
  const before = await count();
  await page.goto("/history/setup");
  await page.getByLabel(/I understand/).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("textbox", { name: "Passphrase" })).not.toHaveValue("");
  await page.getByRole("button", { name: "Use this passphrase" }).click();
  await readRecoveryGroups(page);
  await page.goto("/");
  expect(await count()).toBe(before);
});

test("weak passphrases are refused with a reason: digits only, and a common word", async ({ page }) => {
  await page.goto("/history/setup");
  await page.getByLabel(/I understand/).check();
  await page.getByRole("button", { name: "Continue" }).click();
  for (const [weak, reason] of [
    ["1234567890123456", "Only digits are too easy to guess"],
    ["password", "Too easy to guess"],
    [`${demoCards[0]} and more words`, "Your card number is known to the library"],
  ] as const) {
    await page.getByRole("textbox", { name: "Passphrase" }).fill(weak);
    await expect(page.getByRole("status").filter({ hasText: reason })).toBeVisible();
    await page.getByRole("button", { name: "Use this passphrase" }).click();
    // Told once: as the box's own fault.
    await expect(page.getByText(reason)).toHaveCount(1);
    await expect(page.getByRole("alert").filter({ hasText: reason })).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Passphrase" })).toBeFocused();
  }
});

test("the recovery sheet is all that is printed", async ({ page }) => {
  await page.goto("/history/setup");
  await page.getByLabel(/I understand/).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("textbox", { name: "Passphrase" })).not.toHaveValue("");
  await page.getByRole("button", { name: "Use this passphrase" }).click();
  await readRecoveryGroups(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText("Recovery code for my reading history")).toBeVisible();
  await expect(page.getByRole("img", { name: "The same recovery code as a QR code" })).toBeVisible();
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(page.getByRole("button", { name: "Turn on reading history" })).toBeHidden();
});
