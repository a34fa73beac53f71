/** A history leaves the library: the key is shown and gone again, and a sealed copy opens without any of our code. */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { ageVersion, openWithAge } from "../lib/vault/fixtures/plain-age/age-tool";
import { readInCleanProcess } from "../lib/vault/fixtures/plain-age/clean-process";
import { expectNoAxeViolation, expectNoSidewaysScroll } from "./accessible-page";
import { demoCards, expect, type SharedLibrary, test } from "./commonplace-test";
import { checkout, deleteHistoryIfAny, reportLoans, turnOnHistory, unlockHistory } from "./reading-history";
import { readZip } from "./zip-reading";

const [, , card] = demoCards;
const keyText = /^AGE-SECRET-KEY-PQ-1[0-9A-Z]{58}$/;

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page, card);
  await deleteHistoryIfAny(page);
});

async function openWithLoans(page: Page, library: SharedLibrary): Promise<string> {
  const { passphrase } = await turnOnHistory(page);
  await reportLoans(library, [checkout(card, `portable-${Date.now()}`, "A Portable Title")]);
  await unlockHistory(page, passphrase);
  await expect(page.getByText("A Portable Title").first()).toBeVisible();
  return passphrase;
}

async function showKey(page: Page, passphrase: string): Promise<string> {
  await page.getByRole("button", { name: "Show my key" }).click();
  await page.getByLabel("Your present passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Show my key" }).click();
  await expect(page.getByRole("heading", { name: "Your key", exact: true })).toBeFocused();
  const identity = (await page.getByText(keyText).textContent()) ?? "";
  expect(identity).toMatch(keyText);
  return identity;
}

async function download(page: Page): Promise<Map<string, Buffer>> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download", exact: true }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("reading-history-sealed.zip");
  const path = await file.path();
  const unzip = spawnSync("unzip", ["-tq", path], { encoding: "utf8" });
  if (unzip.error === undefined) expect([unzip.status, unzip.stdout]).toEqual([0, expect.any(String)]);
  await expect(page.getByRole("heading", { name: "Your sealed copy is saved" })).toBeFocused();
  return readZip(await readFile(path));
}

/** The page's HTML, what its boxes hold, and what the browser stores for it. */
async function everythingOf(page: Page): Promise<string> {
  const held = await page.evaluate(() => [
    document.documentElement.outerHTML,
    location.href,
    JSON.stringify(history.state),
    JSON.stringify({ ...localStorage }),
    JSON.stringify({ ...sessionStorage }),
    ...Array.from(document.querySelectorAll<HTMLInputElement>("input, textarea"), (box) => box.value),
  ]);
  return held.join("\n");
}

test("the key is shown after a right passphrase only, hides when told to and on lock, and is sent nowhere", async ({
  page,
  library,
  requests,
}) => {
  const spoken: string[] = [];
  page.on("console", (message) => spoken.push(message.text()));
  const passphrase = await openWithLoans(page, library);
  await page.getByRole("button", { name: "Show my key" }).click();
  await expect(page.getByRole("heading", { name: "Show your key" })).toBeFocused();
  await expectNoAxeViolation(page);
  await page.getByLabel("Your present passphrase").fill("not these words at all");
  await page.getByRole("button", { name: "Show my key" }).click();
  await expect(page.getByText("The key is not shown")).toBeVisible();
  await expect(page.getByText(keyText)).toHaveCount(0);
  await page.getByRole("button", { name: "Back" }).click();

  const identity = await showKey(page, passphrase);
  expect(await everythingOf(page)).toContain(identity);
  await expectNoAxeViolation(page);
  await page.getByRole("button", { name: "Hide it now" }).click();
  await expect(page.getByText("Your key is hidden again.")).toBeVisible();
  expect(await everythingOf(page)).not.toContain(identity);

  expect(await showKey(page, passphrase)).toBe(identity);
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Your history is locked" })).toBeVisible();
  expect(await everythingOf(page)).not.toContain(identity);

  const sent = requests.map((request) => `${request.url()} ${request.postData() ?? ""}`).join("\n");
  for (const text of [sent, spoken.join("\n"), library.output()])
    expect(text.includes(identity.slice(20, 60))).toBe(false);
});

test("the key hides by itself after a minute, and stays a minute longer for a reader who asks", async ({
  page,
  library,
}) => {
  const passphrase = await openWithLoans(page, library);
  await page.clock.install();
  const identity = await showKey(page, passphrase);
  await page.clock.runFor(32_000);
  await expect(page.getByRole("alert").filter({ hasText: "Your key hides in 30 seconds" })).toBeVisible();
  await page.getByRole("button", { name: "Show it one minute more" }).click();
  await page.clock.runFor(50_000);
  await expect(page.getByText(keyText)).toBeVisible();
  await page.clock.runFor(11_000);
  await expect(page.getByText("Your key is hidden again.")).toBeVisible();
  expect(await everythingOf(page)).not.toContain(identity);
  await expect(page.getByRole("button", { name: "Lock", exact: true })).toBeVisible();
});

test("the key can be copied and is alone on a printed page", async ({ page, context, library }) => {
  await context.grantPermissions(["clipboard-write"]);
  const passphrase = await openWithLoans(page, library);
  const identity = await showKey(page, passphrase);
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText("It is copied.")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText(identity)).toBeVisible();
  await expect(page.getByRole("img", { name: "The same key as a QR code" })).toBeVisible();
  await expect(page.getByText("A Portable Title").first()).toBeHidden();
  await page.emulateMedia({ media: null });
  await page.goto("/");
  const search = page.getByLabel("Search the catalogue");
  await search.focus();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(search).toHaveValue(identity);
});

test("everything, sealed for the key, opens by it in a process that has none of our code", async ({
  page,
  library,
}) => {
  const passphrase = await openWithLoans(page, library);
  await reportLoans(library, [checkout(card, `waiting-${Date.now()}`, "A Title That Waits")]);
  await page.getByRole("button", { name: "Download a sealed copy" }).click();
  await expect(page.getByRole("heading", { name: "Download a sealed copy" })).toBeFocused();
  await expectNoAxeViolation(page);
  const files = await download(page);
  await expectNoAxeViolation(page);
  expect([...files.keys()]).toEqual(["README.txt", "history.age", "waiting/001.age"]);
  const instructions = `${files.get("README.txt")}`;
  expect(instructions).toContain("age -d -i my-key.txt -o history.json history.age");
  expect(instructions).not.toContain("A Portable Title");
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByRole("heading", { name: "Keep it without the library" })).toBeFocused();

  const identity = await showKey(page, passphrase);
  expect(instructions).not.toContain(identity);
  const sealed = [...files].filter(([name]) => name.endsWith(".age")).map(([, bytes]) => bytes);
  const [history, entry] = await readInCleanProcess({ identity }, sealed);
  expect(history).toMatchObject({ format: "commonplace-history", version: 1 });
  expect(JSON.stringify(history)).toContain("A Portable Title");
  expect(JSON.stringify(history)).toContain("A Title That Waits");
  expect(entry).toMatchObject({ event: "checkout", title: "A Title That Waits", day: "2026-11-02" });
});

test("sealed by a passphrase it opens with any age, all by keyboard at 320 pixels", async ({
  page,
  library,
}) => {
  await openWithLoans(page, library);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByRole("button", { name: "Download a sealed copy" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Download a sealed copy" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("radio", { name: "Whoever has my key" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: "Whoever knows its passphrase" })).toBeChecked();
  await page.keyboard.press("Tab");
  const box = page.getByLabel("Passphrase of the file");
  await expect(box).toBeFocused();
  await expect(box).not.toHaveValue("");
  await expectNoAxeViolation(page);
  await expectNoSidewaysScroll(page);
  const words = await box.inputValue();
  await box.fill("weak");
  await page.keyboard.press("Enter");
  await expect(page.getByText("A file can be guessed at without end")).toBeVisible();
  await box.fill(words);
  const files = await download(page);
  expect([...files.keys()]).toEqual(["README.txt", "history.age"]);
  const history = files.get("history.age") ?? Buffer.alloc(0);
  const opened = await readInCleanProcess({ passphrase: words }, [history]);
  expect(JSON.stringify(opened)).toContain("A Portable Title");
  const age = ageVersion();
  test.info().annotations.push({ type: "age", description: age ?? "not on this machine" });
  if (age) expect(await openWithAge({ passphrase: words }, history)).toContain("A Portable Title");
});

test("what is no age recipient is refused, and nothing is saved", async ({ page, library }) => {
  await openWithLoans(page, library);
  await page.getByRole("button", { name: "Download a sealed copy" }).click();
  await page.getByLabel("Someone who uses age already").check();
  await page.getByLabel("Their age recipient").fill("AGE-SECRET-KEY-1QQQ");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await expect(page.getByText("That is not an age recipient.")).toBeVisible();
  await expectNoAxeViolation(page);
});
