/** `test` for every browser test: the shared library, further ones on demand, and no third-party request, ever. */
import { readFileSync } from "node:fs";
import { test as base, expect, type Page, type Request } from "@playwright/test";
import { forgetDataDir, type RunningLibrary, type StartOptions, startLibrary } from "./running-library";
import { sql } from "./server-sql";

export { expect };

/** What a test may know of the library that the whole run shares. */
export interface SharedLibrary {
  url: string;
  dataDir: string;
  postgresHome: string;
  databaseUrl: string;
  loansToken: string;
  /** Everything the server has printed so far. */
  output(): string;
}

interface Fixtures {
  library: SharedLibrary;
  /** Starts another Commonplace; it is stopped, and its folder removed, when the test is over. */
  startCommonplace(options?: StartOptions): Promise<RunningLibrary>;
  /** Every request that the browser made in this test. When it is over, all must have gone to a library of ours. */
  requests: Request[];
  /** Signs a page in with a demo card; ends on the page that follows. */
  signIn(page: Page, card?: string, pin?: string): Promise<void>;
}

export const demoCards = ["23529000000001", "23529000000002", "23529000000003"] as const;
export const demoPin = "1234";

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: playwright reads the pattern to know what a fixture needs
  library: async ({}, use) => {
    const shared = JSON.parse(process.env.COMMONPLACE_E2E ?? "{}");
    // What one test used up of the server's patience is no concern of the next.
    await sql(shared.databaseUrl, "delete from allowances");
    await use({ ...shared, output: () => readFileSync(shared.logFile, "utf8") });
  },
  baseURL: async ({ library }, use) => use(library.url),
  // biome-ignore lint/correctness/noEmptyPattern: as above
  startCommonplace: async ({}, use) => {
    const started: RunningLibrary[] = [];
    await use(async (options) => {
      const library = await startLibrary(options);
      started.push(library);
      return library;
    });
    for (const library of started) await library.stop("SIGTERM");
    for (const library of started) await forgetDataDir(library.dataDir);
  },
  requests: [
    async ({ context }, use) => {
      const requests: Request[] = [];
      context.on("request", (request) => requests.push(request));
      await use(requests);
      const elsewhere = requests.map((request) => request.url()).filter((url) => !isOurs(url));
      expect(elsewhere, "requests to third parties").toEqual([]);
    },
    { auto: true },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  signIn: async ({}, use) => {
    await use(async (page, card = demoCards[0], pin = demoPin) => {
      await page.goto("/sign-in");
      await page.getByLabel("Library card number").fill(card);
      await page.getByLabel("PIN").fill(pin);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL((url) => url.pathname !== "/sign-in");
    });
  },
});

/** Libraries under test are on localhost; `data:` and `blob:` never leave the browser. */
function isOurs(address: string): boolean {
  const url = new URL(address);
  return ["data:", "blob:", "about:"].includes(url.protocol) || url.hostname === "localhost";
}
