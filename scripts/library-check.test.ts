/** The command around the check: this side's settings, how it is called, and its last sentence. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { attention, fails, works } from "@/lib/circulation/diagnosis";
import { judgeSettings } from "./judge-settings";
import { closingSentence, findingText } from "./library-check-text";

test("an address without https and a short token fail; an address that is none yet and one token for all digits want a look", () => {
  const signs = (address: string, token: string, made = false) =>
    judgeSettings({ PUBLIC_URL: address, LOANS_TOKEN: token }, made).map(({ sign }) => sign);
  const long = "Zm9yIHRlc3RzIG9ubHksIGFuZCByYW5kb20=";
  expect(signs("https://catalogue.example.org", long)).toEqual(["works", "works"]);
  expect(signs("https://catalogue.example.org", "", true)).toEqual(["works", "works"]);
  expect(signs("http://catalogue.example.org", "short")).toEqual(["fails", "fails"]);
  expect(signs("http://localhost:3000", "1".repeat(40))).toEqual(["attention", "attention"]);
  expect(signs("", "")).toEqual(["attention", "attention"]);
  expect(JSON.stringify(judgeSettings({ LOANS_TOKEN: "hunter2" }, false))).not.toContain("hunter2");
});

test("without a terminal, or with a PIN as an argument, it asks nobody anything, repeats nothing and says how to call it", () => {
  for (const given of [[], ["--pin", "4711"]]) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/run.mjs", "library-check", ...given],
      { input: "23529000000001\n4711\n", encoding: "utf8" },
    );
    expect(status).toBe(1);
    expect(stderr).toContain("Call it by hand: npm run library:check");
    expect(stdout + stderr).not.toContain("4711");
  }
});

test("the last sentence says whether it can be opened to patrons", () => {
  const odd = attention("Odd.", "Look.");
  expect(closingSentence([works("Well.")])).toBe("It works, as far as can be seen from here.");
  expect(closingSentence([works("Well."), odd])).toContain("It can be used. One point above");
  expect(closingSentence([odd, fails("No.", "Mend."), fails("No.", "Mend.")])).toContain(
    "2 points above are marked ✗",
  );
  expect(findingText(odd)).toBe("  ! Odd.\n    → Look.");
});
