/** Every connector against the contract of the port. The table in docs/library-systems.md is what these tests found. */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { demoContract } from "./demo/fixtures/demo-contract";
import { gatewayContract, restContract } from "./evergreen/fixtures/evergreen-contract";
import { contractTable, testConnector } from "./fixtures/library-contract";
import { kohaContract } from "./koha/fixtures/koha-contract";
import { paiaContract } from "./paia/fixtures/paia-contract";
import { sip2Contract } from "./sip2/fixtures/sip2-contract";

const connectors = [demoContract, sip2Contract, kohaContract, gatewayContract, restContract, paiaContract];
for (const connector of connectors) testConnector(connector);

const page = fileURLToPath(new URL("../../docs/library-systems.md", import.meta.url));
const [begin, end] = ["<!-- contract: made by the tests -->\n", "\n<!-- /contract -->"] as const;

/** `npm run library:table` writes it: after a change of the promises or the connectors. */
test("the table of connectors and promises in docs/library-systems.md is the one that this run found", async () => {
  const text = await readFile(page, "utf8");
  const [before = "", rest = ""] = text.split(begin);
  const [table = "", after = ""] = rest.split(end);
  if (process.env.LIBRARY_TABLE === "write") {
    await writeFile(page, `${before}${begin}${contractTable()}${end}${after}`);
    return;
  }
  expect(table).toBe(contractTable());
});
