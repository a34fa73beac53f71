/** A loan that the Koha plugin reports is in the patron's history, although Koha forgot the patron before the return. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { demoCards, expect, test } from "./commonplace-test";
import { deleteHistoryIfAny, turnOnHistory, unlockHistory } from "./reading-history";

const run = promisify(execFile);

test("a loan sent by the Koha plugin, its return without a patron, is one line of the history", async ({
  page,
  library,
  signIn,
}) => {
  const [, card] = demoCards;
  await signIn(page, card);
  await deleteHistoryIfAny(page);
  const { passphrase } = await turnOnHistory(page);
  const { stdout } = await run("perl", ["integrations/koha/t/send-one-loan.pl", library.url, card], {
    env: { ...process.env, COMMONPLACE_TOKEN: library.loansToken },
  });
  expect(stdout).toBe("2 sent, 0 waiting.");
  await unlockHistory(page, passphrase);
  const line = page.getByRole("list", { name: "Loans, newest first" }).getByRole("listitem");
  await expect(line).toHaveCount(1);
  await expect(line).toContainText("Los detectives salvajes");
  await expect(line).toContainText("Bolaño, Roberto");
  await expect(line).toContainText(/Borrowed .* Returned /);
  await deleteHistoryIfAny(page);
});
