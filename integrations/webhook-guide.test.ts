/** The guide's command does what it says: as written, with its own example. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { loanEventSchema } from "@/lib/circulation/intake/loan-event";

test("the curl command of the guide sends its example, which the intake's schema takes whole", async () => {
  const guide = await readFile(join(import.meta.dirname, "README.md"), "utf8");
  const command = /```sh\n([\s\S]+?)```/.exec(guide)?.[1] ?? "";
  const seen: { url?: string | undefined; authorization?: string | undefined; body: string }[] = [];
  const server = createServer(async (asked, answer) => {
    let body = "";
    for await (const piece of asked) body += piece;
    seen.push({ url: asked.url, authorization: asked.headers.authorization, body });
    answer.writeHead(204).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: process.env.NODE_ENV,
    COMMONPLACE: `http://127.0.0.1:${port}`,
    LOANS_TOKEN: "a-token",
  };
  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", command], {
    cwd: import.meta.dirname,
    env,
  });
  server.close();
  expect({ stdout, stderr }).toEqual({ stdout: "204\n", stderr: "" });
  expect(seen).toMatchObject([{ url: "/api/loans/events", authorization: "Bearer a-token" }]);
  const sent = z.object({ events: z.array(loanEventSchema) }).parse(JSON.parse(seen[0]?.body ?? ""));
  expect(sent.events).toHaveLength(3);
});
