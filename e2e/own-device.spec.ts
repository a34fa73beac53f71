/** A reader's own device keeps sealed bytes and the last state: less is fetched, a rollback is told, and it forgets when told to. */
import type { Page, Response } from "@playwright/test";
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

const [, card, otherCard] = demoCards;
const titles = ["The Telling", "Always Coming Home", "Tehanu"] as const;
let keys: Keys;
let run = 0;

test.describe.configure({ timeout: 120_000 });
test.beforeEach(async ({ page, signIn, library }) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
  keys = await turnOnHistory(page);
  run = Date.now();
  await report(library, 0);
});

function report(library: { url: string; loansToken: string }, number: number): Promise<unknown> {
  const title = titles[number] ?? "";
  return reportLoans(library, [checkout(card, `own-${run}-${number}`, title)]);
}

/** Every record, as the text in which a title would be found. */
async function keptBytes(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
    let text = "";
    for (const name of names) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const store of database.objectStoreNames) {
        const records = await new Promise<unknown[]>((resolve) => {
          const request = database.transaction(store).objectStore(store).getAll();
          request.onsuccess = () => resolve(request.result);
        });
        const decode = (bytes: Uint8Array) =>
          ["utf-8", "utf-16le", "latin1"]
            .map((encoding) => new TextDecoder(encoding).decode(bytes))
            .join("\n");
        text += JSON.stringify(records, (_, value) => (value instanceof Uint8Array ? decode(value) : value));
      }
      database.close();
    }
    return text;
  });
}

const databasesOf = (page: Page) =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));

async function makeOwn(page: Page): Promise<void> {
  await page.getByLabel("This is my own device").check();
  await expect(page.getByText("This device keeps a sealed copy from now on")).toBeVisible();
}

async function lockNow(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await expect(page.getByLabel("Passphrase")).toBeVisible();
}

/** The first answer that carries the vault during an unlock. */
async function fetchedBy(page: Page): Promise<{ bytes: number; chapters: number; unchanged: number }> {
  const isVault = (answer: Response) =>
    /\/api\/vault(\/changes)?$/.test(answer.url()) && answer.request().method() !== "PUT";
  const [answer] = await Promise.all([page.waitForResponse(isVault), unlockHistory(page, keys.passphrase)]);
  const body = await answer.text();
  const { vault, unchanged = [] } = JSON.parse(body);
  return { bytes: body.length, chapters: vault.chapters.length, unchanged: unchanged.length };
}

test("is off until its reader says so; then keeps no title, and the next unlock fetches fewer chapters", async ({
  page,
}) => {
  await unlockHistory(page, keys.passphrase);
  await expect(page.getByText(titles[0]).first()).toBeVisible();
  await expect(page.getByLabel("This is my own device")).not.toBeChecked();
  expect(await databasesOf(page)).toEqual([]);
  await lockNow(page);
  const first = await fetchedBy(page);
  expect(first).toMatchObject({ chapters: 1, unchanged: 0 });
  await makeOwn(page);
  await expectNoAxeViolation(page);
  const kept = await keptBytes(page);
  expect(kept).toContain("manifestHash");
  for (const secret of [
    titles[0],
    "Le Guin",
    "9780060512750",
    keys.passphrase,
    keys.recoveryGroups.join("-"),
  ])
    expect(kept).not.toContain(secret);
  await lockNow(page);
  await expect(page.getByText("This device keeps a sealed copy of your history")).toBeVisible();
  await expectNoAxeViolation(page);
  const next = await fetchedBy(page);
  expect(next).toMatchObject({ chapters: 0, unchanged: 1 });
  expect(next.bytes).toBeLessThan(first.bytes);
  await expect(page.getByText(titles[0]).first()).toBeVisible();
});

test("forgets by its button, in the open history and in the locked one", async ({ page }) => {
  await unlockHistory(page, keys.passphrase);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByLabel("This is my own device").focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("This device keeps a sealed copy from now on")).toBeVisible();
  await expectNoSidewaysScroll(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Forget this device" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("This device has forgotten its copy")).toBeVisible();
  expect(await databasesOf(page)).toEqual([]);
  await makeOwn(page);
  await lockNow(page);
  await page.getByRole("button", { name: "Forget this device" }).click();
  await expect(page.getByText("This device has forgotten its copy")).toBeVisible();
  expect(await databasesOf(page)).toEqual([]);
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("own-device");
});

test("keeps its copy through a sign-out, shows it to no other reader, and loses it with the history", async ({
  page,
  signIn,
}) => {
  await unlockHistory(page, keys.passphrase);
  await makeOwn(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  expect(await databasesOf(page)).toEqual(["commonplace-own-device"]);

  await signIn(page, otherCard);
  await deleteHistoryIfAny(page);
  const theirs = await turnOnHistory(page);
  await page.goto("/history");
  await expect(page.getByLabel("Passphrase")).toBeVisible();
  await expect(page.getByText("This device keeps a sealed copy")).toHaveCount(0);
  await unlockHistory(page, theirs.passphrase);
  await expect(page.getByLabel("This is my own device")).not.toBeChecked();
  await deleteHistoryIfAny(page);
  expect(await databasesOf(page)).toEqual(["commonplace-own-device"]);
  await page.goto("/");
  await page.getByRole("button", { name: "Sign out" }).click();

  await signIn(page, card);
  await page.goto("/history");
  await expect(page.getByText("This device keeps a sealed copy of your history")).toBeVisible();
  await page.getByRole("button", { name: "Delete my reading history" }).click();
  await expect(page.getByRole("heading", { name: "Your reading history is deleted" })).toBeVisible();
  await expect.poll(() => databasesOf(page)).toEqual([]);
});

test("tells a rollback in plain words, writes nothing onto it, and is content when the true state is shown again", async ({
  page,
  library,
}) => {
  const isFetch = (url: URL) => /^\/api\/vault(\/changes)?$/.test(url.pathname);
  await unlockHistory(page, keys.passphrase);
  const old = await page.evaluate(async () => (await fetch("/api/vault")).json());
  await lockNow(page);
  await report(library, 1);
  await unlockHistory(page, keys.passphrase);
  await makeOwn(page);
  await lockNow(page);

  await page.route(isFetch, async (route) => {
    if (route.request().method() === "PUT") return route.continue();
    const unchanged: string[] = [];
    await route.fulfill({ json: route.request().method() === "POST" ? { ...old, unchanged } : old });
  });
  await unlockHistory(page, keys.passphrase);
  const notice = page
    .getByRole("alert")
    .filter({ hasText: "The server showed an older copy of your history" });
  await expect(notice).toContainText("1 loan that this device remembers is missing");
  await expectNoAxeViolation(page);
  await expect(page.getByText(titles[1])).toHaveCount(0);
  await lockNow(page);
  await page.unroute(isFetch);
  await unlockHistory(page, keys.passphrase);
  await expect(notice).toHaveCount(0);
  await expect(page.getByText(titles[1]).first()).toBeVisible();
});

test("two tabs that remove and borrow at once lose nothing, and both lock with one", async ({
  page,
  context,
  library,
}) => {
  await report(library, 1);
  await unlockHistory(page, keys.passphrase);
  await makeOwn(page);
  const other = await context.newPage();
  await unlockHistory(other, keys.passphrase);
  await report(library, 2);
  const removeIn = async (tab: Page, title: string) => {
    await tab.getByRole("button", { name: `Remove: ${title}` }).click();
    await tab.getByRole("button", { name: "Remove it" }).click();
    await expect(tab.getByRole("button", { name: `Remove: ${title}` })).toHaveCount(0);
  };
  await Promise.all([removeIn(page, titles[0]), removeIn(other, titles[1])]);
  await other.goto("/");
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByLabel("Passphrase")).toBeVisible();
  await page.goto("/sign-in?callbackUrl=/history");
  await page.getByLabel("Library card number").fill(card);
  await page.getByLabel("PIN").fill("1234");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/history");
  await unlockHistory(page, keys.passphrase);
  await expect(page.getByText(titles[2]).first()).toBeVisible();
  for (const gone of [titles[0], titles[1]]) await expect(page.getByText(gone)).toHaveCount(0);
});
