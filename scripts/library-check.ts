/** `npm run library:check`: tries the configured library system with a test card. Ends with 0 when it can be used, else with 1. */
import { existsSync } from "node:fs";
import { openDatabase } from "@/db/connection";
import { chooseDiagnosis, chooseLibrarySystem } from "@/lib/circulation/chosen-system";
import { diagnose, type Finding, meaningFor, type TestCard } from "@/lib/circulation/diagnosis";
import { withCommandDatabase } from "./command-database";
import { isTokenTooShort, judgeSettings } from "./judge-settings";
import { closingSentence, findingText, listText } from "./library-check-text";
import { secretsPath } from "./secrets";
import { givenSettings } from "./settings";
import { askUnseen } from "./unseen-prompt";

const usage = `npm run library:check asks for a test card's number and PIN, and takes them at a terminal alone: not as arguments, not from
a file or a pipe, where they would be kept. Call it by hand: npm run library:check. On another machine: ssh -t HOST, then the
command. In a container: docker exec -it CONTAINER npm run library:check.`;

if (process.argv.length > 2) throw new Error(`Nothing is given with the command.\n${usage}`);
if (!process.stdin.isTTY) throw new Error(usage);

// What a connector logs for a running server would stand between the lines here.
process.env.LOG_LEVEL = "silent";
const tokenAsGiven = process.env.LOANS_TOKEN;
if (isTokenTooShort(tokenAsGiven)) process.env.LOANS_TOKEN = "";
const settings = givenSettings(process.env);
const aboutSettings = judgeSettings(
  { PUBLIC_URL: settings.PUBLIC_URL, LOANS_TOKEN: tokenAsGiven },
  existsSync(secretsPath(settings.DATA_DIR)),
);

console.log(
  "\nUse a card made for testing, with two copies out; not a patron's. What you type is not shown, and kept nowhere.\n",
);
const test = await askTestCard();
if (test === null) {
  console.log("Nothing was tried.");
  process.exitCode = 1;
} else {
  await withCommandDatabase((url) => check(url, test));
}

async function askTestCard(): Promise<TestCard | null> {
  const card = (await askUnseen("  Card number  ", process.stdin, process.stdout))?.replace(/\s/g, "");
  if (!card) return null;
  const pin = await askUnseen("  PIN          ", process.stdin, process.stdout);
  return pin ? { card, pin } : null;
}

async function check(databaseUrl: string, testCard: TestCard): Promise<void> {
  const { db, close } = openDatabase(databaseUrl, 2);
  const library = chooseLibrarySystem(db);
  const own = chooseDiagnosis(db);
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    console.log(findingText(finding));
  };
  try {
    console.log("\nThis side's settings");
    for (const finding of aboutSettings) tell(finding);
    console.log(`\nNow ${own?.subject ?? "the library system"}`);
    for await (const finding of diagnose(library, own, testCard)) tell(finding);
    const lists = [
      listText("What it means for a reading history", meaningFor(library.capabilities)),
      listText("What that system keeps of loans itself, to switch off there", own?.keeps ?? []),
      listText("What cannot be seen from here", own?.unseen ?? []),
    ];
    console.log(lists.filter(Boolean).join("\n"));
    console.log(`\n${closingSentence(findings)}`);
    if (findings.some(({ sign }) => sign === "fails")) process.exitCode = 1;
  } finally {
    await library.close();
    await close();
  }
}
