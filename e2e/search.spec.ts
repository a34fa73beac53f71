/** Anyone can look for a title and see what it is, with JavaScript or without. */
import { expect, test } from "./commonplace-test";

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a title is found from the first page and its record shown", async ({ page }) => {
      await page.goto("/");
      await page.getByLabel("Search the catalogue").fill("moby dick");
      await page.getByRole("button", { name: "Search" }).click();
      await expect(page).toHaveURL(/\/search\?q=moby\+dick/);
      await expect(page.getByLabel("Search the catalogue")).toHaveValue("moby dick");
      await page
        .getByRole("link", { name: /moby.dick/i })
        .first()
        .click();
      await expect(page).toHaveURL(/\/record\/\d+$/);
      await expect(page.getByRole("heading", { level: 1, name: /moby.dick/i })).toBeVisible();
      await expect(page.getByRole("heading", { name: "Copies" })).toBeVisible();
      await expect(page).toHaveTitle(/moby.dick/i);
    });

    test("results come in pages that are links, each with titles of its own", async ({ page }) => {
      await page.goto("/search?q=the");
      const first = await page.locator("ol h2").allTextContents();
      expect(first).toHaveLength(20);
      await page.getByRole("link", { name: "Next page" }).click();
      await expect(page).toHaveURL(/page=2/);
      await expect(page.getByText(/^Page 2 of/)).toBeVisible();
      const second = await page.locator("ol h2").allTextContents();
      expect(second).not.toEqual(first);
      await page.getByRole("link", { name: "Previous page" }).click();
      await expect(page).toHaveURL(/\/search\?q=the$/);
    });

    test("a search that finds nothing says so and what to try", async ({ page }) => {
      await page.goto("/search?q=xyzzyqq");
      await expect(page.getByRole("heading", { name: "Nothing found for “xyzzyqq”" })).toBeVisible();
      await expect(page.getByText("Check the spelling")).toBeVisible();
    });

    for (const address of [
      "/record/2000000000",
      "/record/abc",
      "/record/0",
      "/record/99999999999999999999",
    ]) {
      test(`${address} is not found, and offers the search box`, async ({ page }) => {
        const answer = await page.goto(address);
        expect(answer?.status()).toBe(404);
        await expect(
          page.getByRole("heading", { level: 1, name: "There is nothing at this address" }),
        ).toBeVisible();
        await expect(page.getByLabel("Search the catalogue")).toBeVisible();
      });
    }
  });
}

test("markup in a search is shown as text", async ({ page }) => {
  await page.goto(`/search?q=${encodeURIComponent("<img src=x onerror=alert(1)>")}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("<img src=x onerror=alert(1)>");
});

test("an odd page number or a doubled parameter is no error", async ({ request }) => {
  for (const query of [
    "q=the&page=0",
    "q=the&page=-1",
    "q=the&page=x",
    "q=the&page=99999",
    "q=a&q=b",
    "q=%00",
    "q=%F0%9F%98%80",
  ]) {
    expect((await request.get(`/search?${query}`)).status(), query).toBe(200);
  }
});

test("the words of a search do not reach the server's log", async ({ page, library }) => {
  await page.goto("/search?q=zebrafinchcanary");
  await page.goto("/");
  expect(library.output()).not.toContain("zebrafinchcanary");
});

test("every page names itself in its head, before anything is shown", async ({ request }) => {
  for (const address of ["/", "/search?q=moby", "/sign-in", "/privacy"]) {
    const html = await (await request.get(address)).text();
    const head = html.slice(0, html.indexOf("</head>"));
    expect(head, address).toMatch(/<title>[^<]+<\/title>/);
  }
});

test("a page is never without a title on the way from the results to a record", async ({ page }) => {
  await page.goto("/search?q=moby");
  await page.evaluate(() => {
    const titles: string[] = [];
    Object.assign(window, { titles });
    new MutationObserver(() => titles.push(document.title)).observe(document.head, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await page
    .getByRole("link", { name: /moby.dick/i })
    .first()
    .click();
  await expect(page).toHaveURL(/\/record\/\d+$/);
  await expect(page).toHaveTitle(/moby.dick/i);
  const titles = await page.evaluate<string[]>("titles");
  expect(titles.length).toBeGreaterThan(0);
  expect(titles).not.toContain("");
});
