/** A passphrase never gets into an address: no form for it exists before the page's scripts can take it. */
import type { Page } from "@playwright/test";
import { demoCards, expect, test } from "./commonplace-test";
import { deleteHistoryIfAny, turnOnHistory } from "./reading-history";

const [, , card] = demoCards;

async function expectNoSecretForm(page: Page): Promise<void> {
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await main.locator("input:not([type=hidden]), textarea").count()).toBe(0);
  const methods = await page
    .locator("form")
    .evaluateAll((forms) => forms.map((form) => (form instanceof HTMLFormElement ? form.method : "")));
  expect(methods.filter((method) => method !== "post")).toEqual([]);
}

for (const state of ["a history", "no history"] as const) {
  test(`with ${state}, the page waits for its scripts before it takes a passphrase, and does not jump`, async ({
    page,
    browser,
    library,
    signIn,
  }) => {
    await signIn(page, card);
    await deleteHistoryIfAny(page);
    if (state === "a history") await turnOnHistory(page);
    const path = state === "a history" ? "/history" : "/history/setup";
    const storageState = await page.context().storageState();

    const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: library.url, storageState });
    const screen = await plain.newPage();
    await screen.goto(path);
    await expectNoSecretForm(screen);
    await plain.close();

    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/_next/static/**/*.js*", async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(path, { waitUntil: "commit" });
    await expectNoSecretForm(page);
    const bottom = () =>
      page.getByRole("contentinfo").evaluate((footer) => footer.getBoundingClientRect().top);
    const before = await bottom();
    release();
    await expect(page.getByRole("main").locator("input:visible").first()).toBeVisible();
    expect(Math.abs((await bottom()) - before), "pixels the foot of the page moved").toBeLessThan(40);
  });
}
