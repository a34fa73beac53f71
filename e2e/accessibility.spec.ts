/** Everybody can use it: no axe violation in either language or theme, no sideways scroll, and the keyboard suffices. */
import type { Page } from "@playwright/test";
import { expectNoAxeViolation, expectNoSidewaysScroll } from "./accessible-page";
import { demoCards, expect, test } from "./commonplace-test";
import { walkHistoryStates, words } from "./history-states";
import { deleteHistoryIfAny } from "./reading-history";

/** Pages open to all. A function may walk to a state, such as a dialog, before it is judged. */
const publicPages: readonly { name: string; open(page: Page): Promise<unknown> }[] = [
  { name: "home", open: (page) => page.goto("/") },
  { name: "empty search", open: (page) => page.goto("/search") },
  { name: "results", open: (page) => page.goto("/search?q=the") },
  { name: "no results", open: (page) => page.goto("/search?q=xyzzyqq") },
  { name: "record", open: openFirstRecord },
  { name: "privacy", open: (page) => page.goto("/privacy") },
  { name: "sign-in", open: (page) => page.goto("/sign-in") },
  { name: "not found", open: (page) => page.goto("/record/2000000000") },
];

/** Pages of a signed-in patron, and the desk. */
const patronPages: typeof publicPages = [
  { name: "account", open: (page) => page.goto("/account") },
  { name: "history", open: (page) => page.goto("/history") },
  { name: "history set-up", open: (page) => page.goto("/history/setup") },
  { name: "desk", open: (page) => page.goto("/desk") },
];

async function openFirstRecord(page: Page): Promise<void> {
  await page.goto("/search?q=the");
  await page.locator("ol h2 a").first().click();
  await page.waitForURL(/\/record\/\d+/);
}

/** 200 % of our 112.5 %. */
async function enlargeText(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "225%";
  });
}

for (const locale of ["en", "es"] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme });
      for (const { name, open } of publicPages) {
        test(`${name} has no axe violation`, async ({ page }) => {
          await open(page);
          await expect(page.locator("html")).toHaveAttribute("lang", locale);
          await expectNoAxeViolation(page);
        });
      }

      test("a patron's own pages have no axe violation", async ({ page, context, library, signIn }) => {
        // The fixture signs in by the English labels.
        await context.addCookies([{ name: "locale", value: "en", url: library.url }]);
        await signIn(page);
        await context.addCookies([{ name: "locale", value: locale, url: library.url }]);
        for (const { name, open } of patronPages) {
          await test.step(name, async () => {
            await open(page);
            await expect(page.locator("html")).toHaveAttribute("lang", locale);
            await expectNoAxeViolation(page);
          });
        }
      });

      test("no state of the reading history has an axe violation, nor a sideways scroll at 320 pixels", async ({
        page,
        context,
        library,
        signIn,
      }) => {
        test.setTimeout(180_000);
        const [, card] = demoCards;
        await context.addCookies([{ name: "locale", value: "en", url: library.url }]);
        await signIn(page, card);
        await deleteHistoryIfAny(page);
        await context.addCookies([{ name: "locale", value: locale, url: library.url }]);
        await walkHistoryStates(page, words[locale], library, card, (state) =>
          test.step(state, async () => {
            await expect(page.locator("html")).toHaveAttribute("lang", locale);
            await expectNoAxeViolation(page);
            await page.setViewportSize({ width: 320, height: 640 });
            await expectNoSidewaysScroll(page);
            await page.setViewportSize({ width: 1280, height: 720 });
          }),
        );
      });
    });
  }
}

test.describe("on a screen 320 pixels wide", () => {
  test.use({ viewport: { width: 320, height: 640 } });
  for (const { name, open } of publicPages) {
    test(`${name} needs no sideways scroll`, async ({ page }) => {
      await open(page);
      await expectNoSidewaysScroll(page);
    });
  }
});

test("a patron's own pages need no sideways scroll at 320 pixels, nor with text at 200 %", async ({
  page,
  signIn,
}) => {
  await signIn(page);
  for (const { name, open } of patronPages) {
    await test.step(name, async () => {
      await page.setViewportSize({ width: 320, height: 640 });
      await open(page);
      await expectNoSidewaysScroll(page);
      await page.setViewportSize({ width: 1280, height: 720 });
      await enlargeText(page);
      await expectNoSidewaysScroll(page);
    });
  }
});

for (const { name, open } of publicPages) {
  test(`${name} needs no sideways scroll with text at 200 %`, async ({ page }) => {
    await open(page);
    await enlargeText(page);
    await expectNoSidewaysScroll(page);
  });
}

test("a title is found and opened with the keyboard alone", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the main part" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Search the catalogue")).toBeFocused();
  await page.keyboard.type("moby dick");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "moby dick" })).toBeVisible();
  const first = page.locator("ol h2 a").first();
  for (let presses = 0; presses < 20; presses++) {
    if (await first.evaluate((link) => link === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(first).toBeFocused();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/record\/\d+/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("what the keyboard reaches shows it", async ({ page }) => {
  await page.goto("/");
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const focused = document.activeElement;
      return focused ? Number.parseFloat(getComputedStyle(focused).outlineWidth) : 0;
    });
    expect(outline, `outline after ${presses + 1} presses`).toBeGreaterThanOrEqual(2);
  }
});

test("language and theme are chosen in the footer and stay chosen", async ({ page }) => {
  await page.goto("/privacy");
  await page.getByRole("button", { name: "Español" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  await page.getByRole("button", { name: "Oscuro" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(21, 24, 29)");
});
