/** On a shared computer nothing is left behind: storage is empty after lock and sign-out, and it locks by itself. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { demoCards, expect, test } from "./commonplace-test";
import {
  checkout,
  deleteHistoryIfAny,
  type Keys,
  readRecoveryGroups,
  reportLoans,
  turnOnHistory,
  unlockHistory,
} from "./reading-history";

const [card] = demoCards;
const title = "Four Ways to Forgiveness";
let keys: Keys;

/** Everything that a browser could keep for this site. */
async function storedThings(page: Page): Promise<unknown> {
  return page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    history: window.history.state === null ? "" : JSON.stringify(window.history.state),
  }));
}

test.beforeEach(async ({ page, signIn, library }) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
  keys = await turnOnHistory(page);
  await reportLoans(library, [checkout(card, `loan-${title}`, title)]);
});

test("while open, after the lock and after sign-out nothing is stored, and the page holds no title", async ({
  page,
}) => {
  const empty = { local: [], session: [], databases: [], caches: [], workers: 0 };
  await unlockHistory(page, keys.passphrase);
  await expect(page.getByText(title).first()).toBeVisible();
  expect(await storedThings(page)).toMatchObject(empty);
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await expect(page.getByLabel("Passphrase")).toHaveValue("");
  expect(await page.content()).not.toContain(title);
  const stored = await storedThings(page);
  expect(stored).toMatchObject(empty);
  for (const secret of [title, keys.passphrase, keys.recoveryGroups.join("-")]) {
    expect(JSON.stringify(stored)).not.toContain(secret);
  }
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  expect(await storedThings(page)).toMatchObject(empty);
  await page.goBack();
  await expect(page.getByText(title)).toHaveCount(0);
});

test("it locks after two minutes without use, warns 30 seconds before, and a key press keeps it open", async ({
  page,
}) => {
  await page.clock.install();
  await unlockHistory(page, keys.passphrase);
  await page.clock.runFor(95_000);
  await expect(page.getByRole("main").getByRole("alert")).toContainText("locks in 30 seconds");
  // By key: the mouse's way to the button is a sign of the reader too, and takes the button away before the click.
  await page.getByRole("button", { name: "Stay unlocked" }).press("Enter");
  await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
  await page.clock.runFor(125_000);
  await expect(page.getByText("nobody used it for a while")).toBeVisible();
  await expect(page.getByText(title)).toHaveCount(0);
});

test("on the reader's own device it stays open for five minutes", async ({ page }) => {
  await page.clock.install();
  await unlockHistory(page, keys.passphrase);
  await page.getByLabel("This is my own device").check();
  await expect(page.getByText("This device keeps a sealed copy from now on")).toBeVisible();
  await page.clock.runFor(200_000);
  await expect(page.getByRole("button", { name: "Lock", exact: true })).toBeVisible();
  await page.clock.runFor(105_000);
  await expect(page.getByText("nobody used it for a while")).toBeVisible();
});

test("a look at another tab costs nothing; a page out of sight for a minute locks", async ({ page }) => {
  await page.clock.install();
  await unlockHistory(page, keys.passphrase);
  const setVisibility = (state: "hidden" | "visible") =>
    page.evaluate((value) => {
      Object.defineProperty(document, "visibilityState", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await setVisibility("hidden");
  await page.clock.runFor(30_000);
  await setVisibility("visible");
  await expect(page.getByRole("button", { name: "Lock", exact: true })).toBeVisible();
  await setVisibility("hidden");
  await page.clock.runFor(62_000);
  await setVisibility("visible");
  await expect(page.getByText("the page was out of sight")).toBeVisible();
});

test("going elsewhere and back finds it locked", async ({ page }) => {
  await unlockHistory(page, keys.passphrase);
  await page.getByRole("link", { name: "Search the catalogue" }).first().click();
  await page.waitForURL(/\/search/);
  await page.goBack();
  await expect(page.getByLabel("Passphrase")).toBeVisible();
  await expect(page.getByText(title)).toHaveCount(0);
});

test("leaving while it opens leaves it locked", async ({ page }) => {
  await page.route("**/api/vault/guess", async (route) => {
    await sleep(1_500);
    await route.continue();
  });
  await page.goto("/history");
  await page.getByLabel("Passphrase").fill(keys.passphrase);
  await page.getByRole("button", { name: "Unlock" }).click();
  await page.waitForRequest("**/api/vault/guess");
  await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
  await expect(page.getByLabel("Passphrase")).toHaveValue("");
  await sleep(3_000);
  await expect(page.getByText(title)).toHaveCount(0);
  await expect(page.getByLabel("Passphrase")).toBeVisible();
});

test("a set-up that is left in the middle shows neither passphrase nor code on coming back", async ({
  page,
}) => {
  await deleteHistoryIfAny(page);
  await page.goto("/history/setup");
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Use this passphrase" }).click();
  const code = (await readRecoveryGroups(page)).join("-");
  await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
  await expect(page.getByRole("checkbox")).toBeVisible();
  expect(await page.content()).not.toContain(code.slice(0, 4));
});

test("a sign-out in one window locks the history in the other", async ({ page, context }) => {
  await unlockHistory(page, keys.passphrase);
  const other = await context.newPage();
  await other.goto("/");
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("in another window")).toBeVisible();
  await expect(page.getByText(title)).toHaveCount(0);
});
