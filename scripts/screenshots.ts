/** `npm run screenshots`: a library in a folder of its own, one patron's way to an open history, the pictures of docs/images. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { environmentNames } from "@/lib/env";
import { obtainChromium } from "./chromium";
import { freePortFrom } from "./port-check";
import { step } from "./steps.mjs";

const card = "23529000000003";
const pin = "1234";
const picturesFolder = join("docs", "images");
const dayMs = 86_400_000;

/** Works of the sample catalogue: read earlier, as a library system reported it, and borrowed today at the desk. */
const readEarlier = [
  { query: "left hand of darkness", outDaysAgo: 95, backDaysAgo: 79 },
  { query: "pedro páramo", outDaysAgo: 61, backDaysAgo: 48 },
  { query: "things fall apart", outDaysAgo: 40, backDaysAgo: 22 },
];
const borrowedToday = ["middlemarch", "the hobbit"];

interface FoundWork {
  id: number;
  title: string;
  authors: string[];
}

const dataDir = await mkdtemp(join(tmpdir(), "commonplace-screenshots-"));
if (process.getuid?.() === 0) await chmod(dataDir, 0o711);
const port = await freePortFrom(20_000 + Math.floor(Math.random() * 20_000));
const url = `http://localhost:${port}`;
const library = startLibrary();
let browser: Browser | undefined;
try {
  await step("starting a library", () => untilOpen(library));
  browser = await chromium.launch({
    executablePath: await obtainChromium((sentence) => console.log(`  ${sentence}`)),
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  const page = await browser.newPage({ baseURL: url, locale: "en-US", colorScheme: "light" });
  await step("turning a history on, and borrowing", () => fillHistory(page));
  await step("taking pictures", () => takePictures(page));
} finally {
  await browser?.close();
  await stop(library);
  await rm(dataDir, { recursive: true, force: true });
}

function startLibrary(): ChildProcess {
  const ours = Object.fromEntries(environmentNames.map((name) => [name, ""]));
  return spawn(process.execPath, ["scripts/run.mjs", "start"], {
    env: { ...process.env, ...ours, npm_lifecycle_event: undefined, DATA_DIR: dataDir, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function untilOpen(child: ChildProcess): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (text) => {
      said += String(text);
      if (said.includes("  stop ")) resolve();
    });
    child.once("close", () => reject(new Error(`The library did not start.\n${said}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await ended;
}

async function fillHistory(page: Page): Promise<void> {
  await signIn(page);
  const passphrase = await turnOnHistory(page);
  for (const { query, outDaysAgo, backDaysAgo } of readEarlier) {
    await reportLoan(await findWork(query), day(outDaysAgo), day(backDaysAgo));
  }
  const barcodes: string[] = [];
  for (const query of borrowedToday) barcodes.push(await readBarcode(page, await findWork(query)));
  await borrowAtDesk(page, barcodes);
  await page.goto("/history");
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Unlock" }).click();
  await page.getByRole("button", { name: "Lock", exact: true }).waitFor();
}

async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Library card number").fill(card);
  await page.getByLabel("PIN").fill(pin);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/account");
}

/** Gives the passphrase that the page offered. */
async function turnOnHistory(page: Page): Promise<string> {
  await page.goto("/history/setup");
  await page.getByLabel("I understand that nobody can reset it for me").check();
  await page.getByRole("button", { name: "Continue" }).click();
  const passphrase = await page.getByLabel("Passphrase").inputValue();
  await page.getByRole("button", { name: "Use this passphrase" }).click();
  const label = page.getByText(/^Type group \d of your recovery code$/);
  const asked = Number(/\d/.exec(await label.innerText())?.[0]);
  const group = page
    .getByRole("list", { name: "Recovery code" })
    .getByRole("listitem")
    .nth(asked - 1);
  // Its first character is its number.
  await page.getByLabel(/Type group \d/).fill(((await group.textContent()) ?? "").slice(1));
  await page.getByRole("button", { name: "Turn on reading history" }).click();
  await page.getByRole("heading", { name: "Your reading history is on" }).waitFor();
  return passphrase;
}

async function findWork(query: string): Promise<FoundWork> {
  const answer = await fetch(`${url}/api/search?q=${encodeURIComponent(query)}&limit=1`);
  const { items } = await answer.json();
  if (!items[0]) throw new Error(`The sample catalogue has no "${query}".`);
  return items[0];
}

async function reportLoan(work: FoundWork, outOn: string, backOn: string): Promise<void> {
  const { LOANS_TOKEN } = JSON.parse(await readFile(join(dataDir, "secrets.json"), "utf8"));
  const [author] = work.authors;
  const record = { recordId: String(work.id), title: work.title, author, format: "book" };
  const loan = `earlier ${work.id}`;
  const answer = await fetch(`${url}/api/loans/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${LOANS_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({
      events: [
        { type: "checkout", loan, patron: card, day: outOn, record },
        { type: "return", loan, day: backOn },
      ],
    }),
  });
  if (answer.status !== 204) throw new Error(`The loan was answered with ${answer.status}.`);
}

async function readBarcode(page: Page, work: FoundWork): Promise<string> {
  await page.goto(`/record/${work.id}`);
  const copies = await page.getByText(/^Barcode \d{14}$/).allTextContents();
  return /\d+/.exec(copies.at(-1) ?? "")?.[0] ?? "";
}

async function borrowAtDesk(page: Page, barcodes: string[]): Promise<void> {
  await page.goto("/desk");
  const result = page.getByRole("status", { name: "Result" });
  await page.getByLabel("Library card number").fill(card);
  await page.keyboard.press("Enter");
  await result.getByText("The card is ready").waitFor();
  for (const [index, barcode] of barcodes.entries()) {
    await page.getByLabel("Item barcode").fill(barcode);
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Out on this card" }).getByRole("listitem").nth(index).waitFor();
  }
}

async function takePictures(page: Page): Promise<void> {
  await mkdir(picturesFolder, { recursive: true });
  const looks = [
    { name: "history-desktop-light", width: 1200, height: 860, colorScheme: "light" },
    { name: "history-phone-dark", width: 390, height: 844, colorScheme: "dark" },
  ] as const;
  for (const { name, width, height, colorScheme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      scrollTo(0, 0);
    });
    await page.screenshot({ path: join(picturesFolder, `${name}.png`) });
  }
}

function day(daysAgo: number): string {
  return new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10);
}
