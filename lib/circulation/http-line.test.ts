import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import type { HttpFault } from "./http-fault";
import { HttpLine, isSafeAddress, readBody } from "./http-line";

const running: { server: Server; line: HttpLine }[] = [];
afterEach(() => {
  for (const { server, line } of running.splice(0)) {
    line.close();
    server.closeAllConnections();
    server.close();
  }
});

async function lineTo(answer: RequestListener, answerMs = 300): Promise<HttpLine> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const line = new HttpLine({
    base: new URL(`http://127.0.0.1:${port}/api`),
    connections: 2,
    patience: { connectMs: 300, answerMs, firstRestMs: 200 },
  });
  running.push({ server, line });
  return line;
}

const why = (asked: Promise<unknown>) => asked.then(() => "ok").catch(({ code }: HttpFault) => code);
const question = { step: "try", method: "GET", path: "x" } as const;

test("a PIN goes to https, or to this very machine, and nowhere else", () => {
  const safe = ["https://koha.example.org/api", "http://localhost:80/", "http://127.0.0.1/", "http://[::1]/"];
  const unsafe = [
    "http://koha.example.org/",
    "http://127.0.0.1.example.org/",
    "ftp://127.0.0.1/",
    "https://u:p@x/",
  ];
  for (const address of safe) expect(isSafeAddress(new URL(address)), address).toBe(true);
  for (const address of unsafe) expect(isSafeAddress(new URL(address)), address).toBe(false);
  expect(() => new HttpLine({ base: new URL("http://koha.example.org/"), connections: 1 })).toThrow(
    TypeError,
  );
});

test("a redirect is not followed", async () => {
  const seen: string[] = [];
  const line = await lineTo((asked, answer) => {
    seen.push(asked.url ?? "");
    answer.writeHead(307, { location: "/elsewhere" }).end();
  });
  expect(await why(line.ask(question))).toBe("redirected");
  expect(seen).toEqual(["/api/x"]);
});

test("silence, a drip of bytes, a cut in the middle and an endless answer each end, in time", async () => {
  const started = performance.now();
  expect(await why((await lineTo(() => {})).ask(question))).toBe("timed-out");
  const drip: RequestListener = (_, answer) => {
    const timer = setInterval(() => answer.write(" "), 20);
    answer.on("close", () => clearInterval(timer));
  };
  expect(await why((await lineTo(drip)).ask(question))).toBe("timed-out");
  const cut: RequestListener = (_, answer) => {
    answer.writeHead(200, { "content-length": "100" }).write("{");
    setTimeout(() => answer.destroy(), 20);
  };
  expect(await why((await lineTo(cut)).ask(question))).toBe("closed");
  const endless: RequestListener = (_, answer) => {
    answer.writeHead(200).end("x".repeat(3000));
  };
  expect(await why((await lineTo(endless)).ask({ ...question, longestBytes: 2000 }))).toBe("too-long");
  expect(performance.now() - started).toBeLessThan(3000);
});

test("a server that fails three times is left in peace, then asked again", async () => {
  let status = 503;
  let asked = 0;
  const line = await lineTo((_, answer) => {
    asked += 1;
    answer.writeHead(status).end("{}");
  });
  for (let time = 0; time < 3; time++) expect(await why(line.ask(question))).toBe("failing");
  expect(await why(line.ask(question))).toBe("resting");
  expect(asked).toBe(3);
  status = 200;
  await expect.poll(() => why(line.ask(question)), { timeout: 2000 }).toBe("ok");
});

test("a kept connection that was closed meanwhile costs nothing", async () => {
  const line = await lineTo((asked, answer) => {
    answer.end("{}");
    answer.on("finish", () => setTimeout(() => asked.socket.destroy(), 5));
  });
  for (let time = 0; time < 5; time++) {
    expect(await why(line.ask(question))).toBe("ok");
    await new Promise((done) => setTimeout(done, time * 3));
  }
});

test("HTML and JSON of another shape are garbled, and neither is quoted", async () => {
  const line = await lineTo((_, answer) => {
    answer.end("<html>secret</html>");
  });
  const answer = await line.ask(question);
  expect(() => readBody(answer, z.object({ a: z.string() }), "try")).toThrow("try: garbled");
});
