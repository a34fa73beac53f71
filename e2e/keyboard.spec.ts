/** The whole walk by keyboard alone, and the focus always where the reader can go on. */
import type { Locator, Page } from "@playwright/test";
import { demoCards, demoPin, expect, test } from "./commonplace-test";
import { fillAskedGroup } from "./history-states";
import { checkout, deleteHistoryIfAny, reportLoans, turnOnHistory, unlockHistory } from "./reading-history";

const [card] = demoCards;

/** Presses Tab until the target has the focus, which must show. */
async function tabTo(page: Page, target: Locator, most = 40): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses <= most; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeFocused();
  const outline = await target.evaluate((element) =>
    Number.parseFloat(getComputedStyle(element).outlineWidth),
  );
  expect(outline).toBeGreaterThanOrEqual(2);
}

test("sign in, set up, unlock, remove, lock, delete and sign out, without touching the mouse", async ({
  page,
  signIn,
  library,
}) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/history");

  const main = page.getByRole("main");
  const button = (name: string) => main.getByRole("button", { name, exact: true });
  const press = async (target: Locator) => {
    await tabTo(page, target);
    await page.keyboard.press("Enter");
  };
  await tabTo(page, page.getByLabel("Library card number"));
  await page.keyboard.type(card);
  await tabTo(page, page.getByLabel("PIN"));
  await page.keyboard.type(demoPin);
  await page.keyboard.press("Enter");
  await press(main.getByRole("link", { name: "Turn on reading history" }));

  await tabTo(page, page.getByLabel("I understand that nobody can reset it for me"));
  await page.keyboard.press("Space");
  await press(button("Continue"));
  const field = page.getByRole("textbox", { name: "Passphrase" });
  await expect(field).not.toHaveValue("");
  const passphrase = await field.inputValue();
  await press(button("Use this passphrase"));
  await tabTo(page, page.getByLabel(/Type group/));
  await fillAskedGroup(page);
  await page.keyboard.press("Enter");
  await press(page.getByRole("link", { name: "Open my reading history" }));

  await reportLoans(library, [
    checkout(card, `keys-${Date.now()}-1`, "The Dispossessed"),
    checkout(card, `keys-${Date.now()}-2`, "The Eye of the Heron"),
  ]);
  await tabTo(page, field);
  await page.keyboard.type(passphrase);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "2 loans" })).toBeFocused();
  await press(page.getByRole("button", { name: "Remove: The Dispossessed" }));
  await press(page.getByRole("alertdialog").getByRole("button", { name: "Remove it" }));
  await expect(page.getByRole("heading", { name: "The Eye of the Heron" })).toBeFocused();
  await expect(page.getByRole("status").filter({ hasText: "It is removed." })).toBeVisible();
  await page.keyboard.press("Shift+Tab");
  await expect(button("Lock")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your history is locked" })).toBeFocused();
  await press(button("Delete my reading history"));
  await expect(page.getByRole("heading", { name: "Your reading history is deleted" })).toBeFocused();
  for (let presses = 0; presses < 30; presses++) {
    if (await page.evaluate(() => document.activeElement?.textContent?.includes("Sign out") ?? false)) break;
    await page.keyboard.press("Shift+Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
});

test("after a refusal the field has the focus and is empty; after a lock its reason is read with the heading", async ({
  page,
  signIn,
}) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
  const { passphrase } = await turnOnHistory(page);
  await page.goto("/history");
  const field = page.getByRole("textbox", { name: "Passphrase" });
  await field.fill("not these words");
  const height = async () => (await page.locator("main .catalogue-card").boundingBox())?.height;
  const before = await height();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Unlocking your history" })).toBeFocused();
  expect(await height()).toBe(before);
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("");
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(field).toBeFocused();
  await expect(page.getByText("Type your passphrase first.")).toBeVisible();
  await unlockHistory(page, passphrase);
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  const heading = page.getByRole("heading", { name: "Your history is locked" });
  await expect(heading).toBeFocused();
  await expect(heading).toHaveAccessibleDescription("Nothing of it is left in this browser.");
});

test("showing older loans goes on at the first of them", async ({ page, signIn, library }) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
  const { passphrase } = await turnOnHistory(page);
  const run = Date.now();
  await reportLoans(
    library,
    Array.from({ length: 53 }, (_, index) => checkout(card, `many-${run}-${index}`, `Volume ${index + 1}`)),
  );
  await unlockHistory(page, passphrase);
  const titles = page.getByRole("list", { name: "Loans, newest first" }).getByRole("heading");
  await expect(titles).toHaveCount(50);
  await page.getByRole("button", { name: "Show older loans" }).press("Enter");
  await expect(titles).toHaveCount(53);
  await expect(titles.nth(50)).toBeFocused();
  await expect(page.getByRole("status").filter({ hasText: "53 of 53 shown" })).toBeVisible();
});
