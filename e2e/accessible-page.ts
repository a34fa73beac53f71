/** What every page owes its readers, as far as a machine can tell: axe finds nothing, and nothing sticks out sideways. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

export async function expectNoAxeViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // react-aria's spoken messages stay in the page for seconds, also when the button that they name is gone.
    .exclude("[data-live-announcer]")
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const found = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" | ")}`);
  expect(found).toEqual([]);
}

/** A menu that is open needs a moment to follow the page to its new width. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const beyond = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(beyond, { message: "pixels beyond the right edge" }).toBe(0);
}
