/** The reading history as a patron works it in a browser, and loan events as a library system reports them. */
import { expect, type Page } from "@playwright/test";

export interface Keys {
  passphrase: string;
  /** Seven groups of four. */
  recoveryGroups: string[];
}

/** Walks the set-up with the passphrase that the page offers; the page must be signed in, without a history. */
export async function turnOnHistory(page: Page): Promise<Keys> {
  await page.goto("/history");
  await page.getByRole("link", { name: "Turn on reading history" }).click();
  await page.getByLabel("I understand that nobody can reset it for me").check();
  await page.getByRole("button", { name: "Continue" }).click();
  const field = page.getByLabel("Passphrase");
  await expect(field).not.toHaveValue("");
  const passphrase = await field.inputValue();
  await page.getByRole("button", { name: "Use this passphrase" }).click();
  const recoveryGroups = await readRecoveryGroups(page);
  const group = page.getByLabel(/Type group \d of your recovery code/);
  const asked = Number(
    /\d/.exec((await group.evaluate((box: HTMLInputElement) => box.labels?.[0]?.textContent)) ?? "")?.[0],
  );
  await group.fill(recoveryGroups[asked - 1] ?? "");
  await page.getByRole("button", { name: "Turn on reading history" }).click();
  await expect(page.getByRole("heading", { name: "Your reading history is on" })).toBeVisible();
  return { passphrase, recoveryGroups };
}

export async function readRecoveryGroups(page: Page): Promise<string[]> {
  const groups = page.getByRole("list", { name: "Recovery code" }).getByRole("listitem");
  await expect(groups).toHaveCount(7);
  return (await groups.allTextContents()).map((text) => text.slice(1));
}

export async function unlockHistory(page: Page, passphrase: string): Promise<void> {
  if (new URL(page.url()).pathname !== "/history") await page.goto("/history");
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByRole("button", { name: "Lock", exact: true })).toBeVisible();
}

/** The page must be signed in; does nothing when there is no history. */
export async function deleteHistoryIfAny(page: Page): Promise<void> {
  await page.goto("/history");
  const button = page.getByRole("button", { name: "Delete my reading history" });
  if (!(await button.isVisible())) return;
  await button.click();
  await expect(page.getByRole("heading", { name: "Your reading history is deleted" })).toBeVisible();
}

export async function reportLoans(
  library: { url: string; loansToken: string },
  events: unknown[],
): Promise<Response> {
  return fetch(`${library.url}/api/loans/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${library.loansToken}`, "content-type": "application/json" },
    body: JSON.stringify({ events }),
  });
}

export function checkout(patron: string, loan: string, title: string, author = "Ursula K. Le Guin") {
  return {
    type: "checkout",
    loan,
    patron,
    day: "2026-11-02",
    due: "2026-11-23",
    record: { recordId: "77", title, author, isbn: "9780060512750", format: "book" },
  };
}
