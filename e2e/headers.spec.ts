/** What a page may do is small: the policy stands on every answer, it bites, and our own pages never run against it. */
import type { Page } from "@playwright/test";
import { expect, test } from "./commonplace-test";

const pages = ["/", "/search?q=the", "/privacy", "/sign-in", "/record/1", "/record/2000000000", "/nowhere"];

function watchConsole(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // Chromium notes every answer of 404 as an error; the pages at unknown addresses are meant to be that.
    if (["error", "warning"].includes(message.type()) && !message.text().includes("status of 404")) {
      complaints.push(message.text());
    }
  });
  page.on("pageerror", (fault) => complaints.push(fault.message));
  return complaints;
}

for (const path of pages) {
  test(`${path} carries the strict policy and keeps to it`, async ({ page }) => {
    const complaints = watchConsole(page);
    const answer = await page.goto(path, { waitUntil: "networkidle" });
    const headers = answer?.headers() ?? {};
    const policy = headers["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'nonce-[\w+/=]{22,}' 'strict-dynamic' 'wasm-unsafe-eval';/);
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types default nextjs");
    expect(policy).not.toContain("unsafe-inline");
    expect(policy).not.toContain("'unsafe-eval'");
    expect(headers["referrer-policy"]).toBe("same-origin");
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
    expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["permissions-policy"]).toContain("publickey-credentials-get=(self)");
    expect(headers["permissions-policy"]).toContain("camera=()");
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(complaints).toEqual([]);
  });
}

test("every answer has a nonce of its own", async ({ request }) => {
  const nonces = await Promise.all(
    [1, 2, 3].map(
      async () =>
        /'nonce-([^']+)'/.exec((await request.get("/")).headers()["content-security-policy"] ?? "")?.[1],
    ),
  );
  expect(new Set(nonces).size).toBe(3);
});

test("HSTS is only promised under https", async ({ request }) => {
  expect((await request.get("/")).headers()["strict-transport-security"]).toBeUndefined();
});

test("answers that belong to one person or one search are kept by no cache", async ({ request }) => {
  for (const path of ["/search?q=the", "/sign-in", "/account", "/history", "/desk", "/api/vault"]) {
    const answer = await request.get(path, { maxRedirects: 0 });
    expect(answer.headers()["cache-control"], path).toContain("no-store");
  }
});

test("built files carry the worker's policy and may be kept for ever", async ({ request }) => {
  const html = await (await request.get("/")).text();
  const script = /\/_next\/static\/[^"\\]+\.js/.exec(html)?.[0] ?? expect(html).toContain(".js");
  const headers = (await request.get(String(script))).headers();
  expect(headers["content-security-policy"]).toContain(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
  );
  expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
  expect(headers["cache-control"]).toContain("immutable");
});

test("markup and foreign scripts that get into a page are refused", async ({ page }) => {
  await page.goto("/");
  const outcome = await page.evaluate(() => {
    const attempt = (act: () => void) => {
      try {
        act();
        return "ran";
      } catch {
        return "refused";
      }
    };
    return {
      markup: attempt(() => document.body.insertAdjacentHTML("beforeend", "<b>x</b>")),
      foreign: attempt(() => {
        document.createElement("script").src = "https://elsewhere.example/x.js";
      }),
      ours: attempt(() => {
        document.createElement("script").src = "/api/health";
      }),
    };
  });
  expect(outcome).toEqual({ markup: "refused", foreign: "refused", ours: "refused" });
});

test("the vault's worker runs under its own policy", async ({ page, request, signIn }) => {
  const complaints = watchConsole(page);
  await signIn(page);
  await page.goto("/history/setup");
  const started = page.waitForEvent("worker");
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Continue" }).click();
  const address = new URL((await started).url());
  await expect(page.getByRole("heading", { name: "Choose your passphrase" })).toBeVisible();
  const policy = (await request.get(address.pathname)).headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self';");
  expect(complaints).toEqual([]);
});
