/** Every request goes to the library, and with the vault open none names a title, an ISBN, a record or an author. */
import { demoCards, expect, test } from "./commonplace-test";
import { checkout, deleteHistoryIfAny, reportLoans, turnOnHistory, unlockHistory } from "./reading-history";

const [, card] = demoCards;

test("a whole session asks nobody but the library; the open vault's requests name nothing", async ({
  page,
  signIn,
  library,
  requests,
}) => {
  for (const path of ["/", "/search?q=the", "/privacy", "/sign-in"]) await page.goto(path);
  await signIn(page, card);
  await page.goto("/account");
  await deleteHistoryIfAny(page);
  const keys = await turnOnHistory(page);
  await reportLoans(library, [checkout(card, "loan-traced", "The Eye of the Heron")]);
  await page.goto("/history");
  const asked = requests.length;
  await unlockHistory(page, keys.passphrase);
  await expect(page.getByText("The Eye of the Heron").first()).toBeVisible();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("menuitem", { name: "As complete data (JSON)" }).click();
  await page.getByRole("button", { name: "Remove: The Eye of the Heron" }).click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByText("The Eye of the Heron")).toHaveCount(0);
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  const open = requests.slice(asked);
  expect(open.length).toBeGreaterThan(2);
  for (const request of open) {
    const said = `${request.url()}\n${request.postData() ?? ""}\n${JSON.stringify(await request.allHeaders())}`;
    for (const name of ["Heron", "Le Guin", "9780060512750", "/record/", "loan-traced", keys.passphrase]) {
      expect(said).not.toContain(name);
    }
  }
  const paths = new Set(
    open
      .map((request) => new URL(request.url()).pathname)
      .filter((path) => !path.startsWith("/_next/static/")),
  );
  // Nothing but the vault's own routes and the application's own files.
  expect([...paths].filter((path) => path !== "/icon.svg" && !path.startsWith("/api/vault"))).toEqual([]);
});
