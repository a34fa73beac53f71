/** Signing in and out: the same with and without JavaScript, nothing leaked, nothing to be learnt by guessing. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { decode, encode } from "next-auth/jwt";
import { expectNoAxeViolation } from "./accessible-page";
import { demoCards, demoPin, expect, test } from "./commonplace-test";
import { sql } from "./server-sql";

const [card, , thirdCard] = demoCards;
const unknownCard = "23529000000099";

async function fill(page: Page, number: string, pin: string): Promise<void> {
  await page.getByLabel("Library card number").fill(number);
  await page.getByLabel("PIN").fill(pin);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
}

const refusal = (page: Page) => page.getByRole("main").getByRole("alert");

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a card and its PIN open the page that was asked for; no address ever holds either", async ({
      page,
      context,
      requests,
    }) => {
      await page.goto("/account");
      await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
      await fill(page, "2352 9000 0000 01", demoPin);
      await expect(page).toHaveURL(/\/account$/);
      await expect(page.getByRole("heading", { name: "My account" })).toBeVisible();
      for (const address of requests.map((request) => request.url())) {
        expect(address).not.toMatch(/2352|1234/);
      }
      const cookies = await context.cookies();
      expect(cookies.map((cookie) => cookie.name).sort()).toEqual(["csrf", "session"]);
      for (const cookie of cookies)
        expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", expires: -1 });
    });

    test("signing out ends the session and clears what the browser keeps", async ({
      page,
      context,
      signIn,
    }) => {
      await signIn(page);
      await page.goto("/account");
      const answered = page.waitForResponse((response) => response.url().endsWith("/api/auth/signout"));
      await page.getByRole("button", { name: "Sign out" }).click();
      expect(await (await answered).headerValue("clear-site-data")).toBe('"cache", "cookies", "storage"');
      await expect(page).toHaveURL(/\/$/);
      expect(await context.cookies()).toEqual([]);
      await page.goto("/account");
      await expect(page).toHaveURL(/\/sign-in/);
      await page.goBack();
      await expect(page.getByRole("heading", { name: "My account" })).toHaveCount(0);
    });

    test("a wrong PIN and an unknown card are refused in the same words, and nothing is filled in again", async ({
      page,
      library,
    }) => {
      await page.goto("/sign-in?callbackUrl=/history");
      await fill(page, card, "9999");
      const words = await refusal(page).innerText();
      const address = page.url();
      expect(words).toContain("did not open an account");
      await expect(page.getByLabel("Library card number")).toHaveValue("");
      await expect(page.getByLabel("PIN")).toHaveValue("");
      await fill(page, unknownCard, demoPin);
      expect(await refusal(page).innerText()).toBe(words);
      expect(page.url()).toBe(address);
      expect(address).toMatch(/\/sign-in\?error=wrong-credentials&callbackUrl=%2Fhistory$/);
      await sql(library.databaseUrl, "delete from allowances");
    });
  });
}

test("a session in use is renewed past half of its time, and not past eight hours from the sign-in", async ({
  page,
  context,
  library,
  signIn,
}) => {
  await signIn(page, card);
  const secret = String(
    JSON.parse(await readFile(join(library.dataDir, "secrets.json"), "utf8")).AUTH_SECRET,
  );
  const readCookie = async () =>
    (await context.cookies()).find((cookie) => cookie.name === "session")?.value ?? "";
  const claims = await decode({ token: await readCookie(), secret });
  const now = Date.now() / 1000;
  const visitWith = async (signedInSecondsAgo: number, leftSeconds: number) => {
    const since = now - signedInSecondsAgo;
    const token = { sub: String(claims?.sub), name: String(claims?.name), since };
    const value = await encode({ token, secret, maxAge: leftSeconds });
    await context.addCookies([{ name: "session", value, url: library.url, httpOnly: true, sameSite: "Lax" }]);
    await page.goto("/account");
    await expect(page.getByRole("heading", { name: "My account" })).toBeVisible();
    const after = await readCookie();
    return { renewed: after !== value, since, claims: await decode({ token: after, secret }) };
  };
  expect((await visitWith(600, 1200)).renewed).toBe(false);
  const renewed = await visitWith(7000, 600);
  expect(Number(renewed.claims?.exp) - now).toBeGreaterThan(1790);
  expect(renewed.claims?.since).toBe(renewed.since);
  expect((await visitWith(8 * 3600 - 300, 300)).renewed).toBe(false);
  for (const cookie of await context.cookies()) expect(cookie).toMatchObject({ httpOnly: true, expires: -1 });
});

test("a locked card is refused in the words of a wrong PIN, also with the right one", async ({
  page,
  library,
}) => {
  await page.goto("/sign-in");
  await fill(page, thirdCard, "9999");
  const words = await refusal(page).innerText();
  const lock =
    "update demo_patrons set failed_sign_ins = 0, locked_until = now() + $2::interval where card = $1";
  await sql(library.databaseUrl, lock, [thirdCard, "1 hour"]);
  await fill(page, thirdCard, demoPin);
  expect(await refusal(page).innerText()).toBe(words);
  await sql(library.databaseUrl, lock, [thirdCard, "-1 second"]);
  await fill(page, thirdCard, demoPin);
  await expect(page).toHaveURL(/\/account$/);
});

test("the refusal is announced, in Spanish too, and axe finds nothing on the page", async ({
  page,
  context,
  library,
}) => {
  await context.addCookies([{ name: "locale", value: "es", url: library.url }]);
  await page.goto("/sign-in?error=too-many-attempts.7");
  await expect(refusal(page)).toContainText("7 minutos");
  await expectNoAxeViolation(page);
});

test("an attempt too many is refused with the wait, for other browsers and after a restart as well", async ({
  page,
  startCommonplace,
}) => {
  test.setTimeout(180_000);
  const first = await startCommonplace();
  const results = [];
  for (let count = 0; count < 6; count++) results.push(await postSignIn(first.url, unknownCard, "0000"));
  expect(results.slice(0, 5).map((each) => each.location)).toEqual(
    Array(5).fill("/sign-in?error=wrong-credentials"),
  );
  expect(results[5]?.location).toBe("/sign-in?error=too-many-attempts.6");
  expect(await first.stop()).toBe(0);

  const second = await startCommonplace({ dataDir: first.dataDir, port: first.port });
  await page.goto(`${second.url}/sign-in`);
  await fill(page, unknownCard, demoPin);
  await expect(refusal(page)).toContainText("Too many attempts.");
  await expect(refusal(page)).toContainText(/in [56] minutes/);
  expect((await postSignIn(second.url, card, demoPin)).location).toBe("/account");

  // What a client writes about its own address gives it no attempts more.
  const many = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      postSignIn(second.url, `card ${index}`, "0000", {
        "x-forwarded-for": `203.0.113.${index}`,
        "x-socket-address": `203.0.113.${index}`,
      }),
    ),
  );
  const refused = many.filter((each) => each.location.includes("too-many-attempts"));
  expect(refused.length).toBeGreaterThanOrEqual(10);
  for (const text of [unknownCard, "card 1", card])
    expect(second.output().split("stop ")[1]).not.toContain(text);
});

test("under https the cookies are Secure and bound to the host", async ({ startCommonplace }) => {
  test.setTimeout(120_000);
  const { url } = await startCommonplace({ env: { PUBLIC_URL: "https://catalogue.example.org" } });
  const { setCookies, csrf } = await postSignIn(url, card, demoPin);
  expect(csrf).toMatch(/^__Host-csrf=[^;]+; Path=\/; Secure; HttpOnly; SameSite=lax$/i);
  expect(setCookies).toHaveLength(1);
  expect(setCookies[0]).toMatch(/^__Host-session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
});

test("another site's form neither signs in nor out, and a link cannot sign out", async ({
  library,
  page,
  signIn,
}) => {
  const form = { method: "POST", redirect: "manual" } as const;
  const foreign = await fetch(`${library.url}/api/auth/callback/credentials`, {
    ...form,
    body: new URLSearchParams({ card, pin: demoPin, csrfToken: "guess" }),
  });
  expect(foreign.headers.get("location")).toBe("/sign-in?error=form-expired");
  expect(foreign.headers.getSetCookie()).toEqual([]);
  await signIn(page);
  const out = await page.request.post("/api/auth/signout", { form: { csrfToken: "guess" }, maxRedirects: 0 });
  expect(out.headers()["clear-site-data"]).toBeUndefined();
  expect((await page.request.get("/api/auth/signout")).status()).toBe(405);
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "My account" })).toBeVisible();
});

test("after signing in nobody is led to another site", async ({ page }) => {
  await page.goto("/sign-in?callbackUrl=https://elsewhere.example/");
  await fill(page, card, demoPin);
  await expect(page).toHaveURL(/localhost:\d+\/account$/);
});

/** The form as a browser without JavaScript sends it. */
async function postSignIn(url: string, number: string, pin: string, extra: Record<string, string> = {}) {
  const form = await fetch(`${url}/sign-in`);
  const csrf = form.headers.getSetCookie().find((cookie) => cookie.includes("csrf=")) ?? "";
  const csrfToken = /name="csrfToken" value="([0-9a-f]+)"/.exec(await form.text())?.[1] ?? "";
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: { ...extra, cookie: csrf.split(";")[0] ?? "" },
    body: new URLSearchParams({ csrfToken, card: number, pin }),
  });
  return { location: answer.headers.get("location") ?? "", setCookies: answer.headers.getSetCookie(), csrf };
}
