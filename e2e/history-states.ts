/** Walks a patron's reading history through all its states, in either language, and lets each be judged. */
import { expect, type Page } from "@playwright/test";
import en from "../messages/en.json" with { type: "json" };
import es from "../messages/es.json" with { type: "json" };
import { checkout, reportLoans } from "./reading-history";

export const words = { en, es };
export type Words = (typeof words)[keyof typeof words];

/** Both languages name a group by its number. */
export async function fillAskedGroup(page: Page): Promise<void> {
  const groups = await page.locator("[data-print=only] ol > li").allTextContents();
  const label = (await page.locator("label[for=group]").textContent()) ?? "";
  await page.locator("#group").fill((groups[Number(/\d/.exec(label)?.[0]) - 1] ?? "").slice(1));
}

/** Each state's name is given to `judge`. The page is signed in, without a history, and ends without one. */
export async function walkHistoryStates(
  page: Page,
  { history, setup, portable }: Words,
  library: { url: string; loansToken: string },
  card: string,
  judge: (state: string) => Promise<void>,
): Promise<void> {
  const press = (name: string) => page.getByRole("main").getByRole("button", { name, exact: true }).click();
  await page.goto("/history");
  await judge("off");

  await page.getByRole("link", { name: history.invitation.turnOn }).click();
  await press(setup.continue);
  await expect(page.getByText(setup.understoodFirst)).toBeVisible();
  await page.getByText(setup.furtherPoints).click();
  await judge("set-up: what it means, the box not ticked");
  await page.getByLabel(setup.understood).check();
  await press(setup.continue);
  const field = page.getByRole("textbox", { name: setup.passphrase });
  await expect(field).not.toHaveValue("");
  const passphrase = await field.inputValue();
  await judge("set-up: passphrase");
  await field.fill("1234");
  await press(setup.usePassphrase);
  await expect(page.getByText(setup.strength["digits-only"])).toHaveAttribute("role", "alert");
  await judge("set-up: a weak passphrase");
  await field.fill(passphrase);
  await press(setup.usePassphrase);
  await expect(page.getByRole("heading", { name: setup.heading.recovery })).toBeFocused();
  await page.locator("#group").fill("nope");
  await press(setup.turnOn);
  await judge("set-up: recovery code, the wrong group");
  await fillAskedGroup(page);
  await press(setup.turnOn);
  await expect(page.getByRole("heading", { name: setup.heading.done })).toBeVisible();
  await judge("set-up: done");

  await page.getByRole("link", { name: setup.openHistory }).click();
  const secret = page.getByRole("textbox", { name: history.passphrase });
  await expect(secret).toBeVisible();
  await judge("locked");
  await secret.fill("not these words");
  await press(history.unlock);
  await expect(page.getByText(history.failure["wrong-passphrase"].heading)).toBeVisible();
  await judge("a wrong passphrase");
  await press(history.present.use.recovery);
  await page.getByRole("textbox", { name: history.recoveryCode }).fill("AAAA");
  await press(history.unlock);
  await expect(page.getByText(history.failure["misread-recovery-code"].heading)).toBeVisible();
  await judge("a misread recovery code");
  await press(history.present.use.passphrase);
  await secret.fill(passphrase);
  await press(history.unlock);
  await expect(page.getByText(history.emptyHeading)).toBeVisible();
  await judge("open and empty");

  await press(history.lock);
  await expect(page.getByRole("heading", { name: history.lockedHeading })).toBeFocused();
  await reportLoans(library, unusualLoans(card));
  await secret.fill(passphrase);
  await press(history.unlock);
  await expect(page.getByText("紅樓夢").first()).toBeVisible();
  await page.getByText(history.checkpointHeading).click();
  await judge("open with loans");
  await page
    .getByRole("button", { name: new RegExp(`^${history.remove}: `) })
    .first()
    .click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await judge("the question before removing");
  await page.getByRole("button", { name: history.removeCancel }).click();
  await press(history.export);
  await expect(page.getByRole("menu")).toBeVisible();
  await judge("the menu of exports");
  await page.keyboard.press("Escape");

  await press(portable.way.copy.open);
  await page.getByLabel(portable.copy.passphrase.label).check();
  await expect(page.getByLabel(portable.copy.passphraseLabel)).not.toHaveValue("");
  await judge("a sealed copy: who can open it");
  await press(portable.cancel);
  await press(portable.way.key.open);
  await page.getByLabel(history.present.passphrase).fill(passphrase);
  await judge("the key, before it is shown");
  await press(portable.key.submit);
  await expect(page.getByRole("heading", { name: portable.key.shownHeading, exact: true })).toBeFocused();
  await judge("the key, shown");
  await press(portable.key.hide);

  await press(history.delete.button);
  await expect(page.getByRole("heading", { name: history.deleted.heading })).toBeFocused();
  await page.getByText(history.deleted.showReceipt).click();
  await judge("deleted");
}

/** A title of many lines, one without a space to break at, two other scripts; unusual for the layout only. */
function unusualLoans(card: string) {
  const titles = [
    "The Life and Strange Surprizing Adventures of Robinson Crusoe, of York, Mariner: Who lived Eight and Twenty Years, all alone in an un-inhabited Island on the Coast of America",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
    "موسم الهجرة إلى الشمال",
    "紅樓夢",
  ];
  const run = Date.now();
  return titles.map((title, index) => checkout(card, `loan-state-${run}-${index}`, title));
}
