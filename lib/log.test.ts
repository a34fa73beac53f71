import { expect, test } from "vitest";
import { describeFault, makeLog, quietConsole } from "./log";

function recording() {
  const lines: string[] = [];
  return { lines, log: makeLog("debug", { write: (line) => lines.push(line) }) };
}

const secrets = ["1234-pin", "23529000000001", "The Left Hand of Darkness", "select secret"];

test("an error's message, with the values drivers put into it, never reaches the log", () => {
  const { lines, log } = recording();
  const driver = new Error(`duplicate key (card)=(${secrets[1]})`);
  const outer = new Error(
    `Failed query: ${secrets[3]} params: ${secrets[2]},${secrets[0]}\n    at ${secrets[2]} (x:1:2)`,
    {
      cause: driver,
    },
  );
  log.error("request-failed", outer, { route: "/api/search", status: 500 });
  log.error("request-failed", secrets[2]);
  expect(lines).toHaveLength(2);
  for (const secret of secrets) expect(lines.join("")).not.toContain(secret);
  expect(lines[0]).toContain('"status":500');
});

test("the class, the code and the frames of an error and of its cause are kept", () => {
  const fault = describeFault(
    new TypeError("x", { cause: Object.assign(new Error("y"), { code: "23505" }) }),
  );
  expect(fault.name).toBe("TypeError");
  expect(fault.cause?.code).toBe("23505");
  expect(fault.frames[0]).toContain("log.test.ts");
});

test("what a framework prints on the console's error channel loses its text", () => {
  const { lines, log } = recording();
  const fake = { ...console };
  quietConsole(fake, log);
  fake.error("⨯ page failed for", secrets[2], new Error(secrets[0]));
  fake.warn(`query was ${secrets[2]}`);
  expect(lines).toHaveLength(2);
  for (const secret of secrets) expect(lines.join("")).not.toContain(secret);
});
