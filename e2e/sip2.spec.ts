/** A library that speaks SIP2 alone: its patrons sign in, see what is out, and find it in the history that only they open. */
import { readFileSync } from "node:fs";
import type { Page, Request } from "@playwright/test";
import { addDays, libraryDay } from "../lib/circulation/library-day";
import { Sip2Simulator } from "../lib/circulation/sip2/fixtures/sip2-simulator";
import { expectNoAxeViolation, expectNoSidewaysScroll } from "./accessible-page";
import { expect, test } from "./commonplace-test";
import { checkout, reportLoans, turnOnHistory, unlockHistory } from "./reading-history";

const [card, pin, title] = ["21234567890123", "quiet-4321", "Kafka auf dem Flur: Überlegungen | Essays"];
const barcode = "31000000000033";
const [pushedFirst, pushedTitle] = ["31000000000034", "Pushed Before It Was Seen"];

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("Library card number").fill(card);
  await page.getByLabel("PIN").fill(pin);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function showPhoneInTheDark(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolation(page);
  await page.screenshot({ path: `test-results/${name}-phone-dark.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: null });
  if (size) await page.setViewportSize(size);
}

test("a loan of a SIP2 library is in the unlocked history, and the library's absence breaks nothing else", async ({
  startCommonplace,
  browser,
}) => {
  test.setTimeout(180_000);
  const simulator = new Sip2Simulator();
  simulator.patrons.set(card, { pin, name: "Ada Reader" });
  simulator.copies.set(barcode, { title });
  simulator.copies.set(pushedFirst, { title: pushedTitle });
  await simulator.listen();
  const library = await startCommonplace({
    env: {
      LIBRARY_SYSTEM: "sip2",
      SIP2_HOST: "127.0.0.1",
      SIP2_PORT: String(simulator.port),
      SIP2_LOGIN_USER: "commonplace",
      SIP2_LOGIN_PASSWORD: "a login of ours",
    },
  });
  const context = await browser.newContext({ baseURL: library.url, locale: "en-US" });
  const page = await context.newPage();
  const requests: Request[] = [];
  page.on("request", (request) => requests.push(request));
  try {
    await signIn(page, library.url);
    await expect(page.getByText("Signed in as Ada Reader.")).toBeVisible();
    await expect(page.getByText("You have nothing out.")).toBeVisible();
    const { passphrase } = await turnOnHistory(page);

    simulator.loans.set(barcode, { card, due: "20991214    235900" });
    await page.goto(`${library.url}/account`);
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
    await expect(page.getByText("Due Monday, December 14, 2099")).toBeVisible();

    await page.goto(`${library.url}/history`);
    const before = requests.length;
    await unlockHistory(page, passphrase);
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
    await expect(page.getByText(/Borrowed by/)).toBeVisible();
    for (const request of requests.slice(before)) {
      const sent = `${request.url()} ${request.postData() ?? ""}`;
      expect(sent).not.toContain("Kafka");
      expect(sent).not.toContain(barcode);
    }
    await page.screenshot({ path: "test-results/sip2-history.png", fullPage: true });

    await test.step("unlocked again, it is there once", async () => {
      await page.reload();
      await unlockHistory(page, passphrase);
      await expect(page.getByRole("heading", { name: "1 loan" })).toBeVisible();
    });

    await test.step("the same loan by push is the same line, and a loan told by push first is one line after a visit", async () => {
      const day = libraryDay(new Date(), "America/New_York");
      const events = [
        { ...checkout(card, "loan-1", title), day, due: addDays(day, 21), item: barcode },
        { ...checkout(card, "loan-2", pushedTitle), day, due: addDays(day, 21), item: pushedFirst },
      ];
      expect((await reportLoans(library, events)).status).toBe(204);
      await page.reload();
      await unlockHistory(page, passphrase);
      await expect(page.getByRole("heading", { name: "2 loans" })).toBeVisible();
      simulator.loans.set(pushedFirst, { card, due: "20991214    235900" });
      const visit = page.waitForResponse((answer) => answer.url().endsWith("/api/vault/loans"));
      await page.reload();
      await unlockHistory(page, passphrase);
      expect(JSON.stringify(await (await visit).json())).toContain(pushedFirst);
      await expect(page.getByRole("heading", { name: "2 loans" })).toBeVisible();
      await expect(page.getByRole("heading", { name: title })).toHaveCount(1);
      await expect(page.getByRole("heading", { name: pushedTitle })).toHaveCount(1);
      await expect(page.getByText(/Borrowed by/)).toHaveCount(0);
    });

    await test.step("with the library system away the history opens, and says what may be missing", async () => {
      await simulator.close();
      await page.reload();
      await unlockHistory(page, passphrase);
      await expect(page.getByRole("heading", { name: title })).toBeVisible();
      await expect(page.getByText("The library system does not answer just now")).toBeVisible();
      await expectNoAxeViolation(page);
      await showPhoneInTheDark(page, "sip2-away");
      await page.goto(`${library.url}/account`);
      await expect(page.getByText("The library system does not answer just now.")).toBeVisible();
      await expectNoAxeViolation(page);
      await showPhoneInTheDark(page, "sip2-account-away");
      await page.goto(`${library.url}/privacy`);
      await expect(page.getByText("An open history makes our server read what you have out")).toBeVisible();
      await expectNoAxeViolation(page);
      await showPhoneInTheDark(page, "sip2-privacy");
      await page.goto(`${library.url}/search?q=anything`);
      await expect(page.getByRole("searchbox")).toBeVisible();
    });

    await test.step("sign-in says so, and works again once it is back", async () => {
      await page.context().clearCookies();
      await signIn(page, library.url);
      await expect(page.getByText("The library system does not answer just now.")).toBeVisible();
      await simulator.listen();
      await expect(async () => {
        await signIn(page, library.url);
        await expect(page.getByText("Signed in as Ada Reader.")).toBeVisible({ timeout: 2000 });
      }).toPass({ timeout: 40_000 });
    });

    const printed = readFileSync(library.logFile, "utf8");
    for (const secret of [pin, card, "Kafka", barcode, "a login of ours"])
      expect(printed).not.toContain(secret);
    expect(printed).toContain("library-system-away");
  } finally {
    await context.close();
    await simulator.close();
  }
});
