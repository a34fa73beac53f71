/** What is served can be compared with a build: equal is told from different, whatever was changed on the way. */
import { execFile } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "./commonplace-test";
import { type Passing, startTamperingProxy } from "./tampering-proxy";

const root = fileURLToPath(new URL("..", import.meta.url));
const readBuilt = (name: string) => JSON.parse(readFileSync(join(root, ".next", name), "utf8"));
/** One of the files that the vault's thread is made of. */
const workerFile = (): string => readBuilt("commonplace-bundles.json").worker[2];
/** The script that every page starts with. */
const firstScript = (): string => `/_next/${readBuilt("build-manifest.json").rootMainFiles[0]}`;

function runVerify(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["scripts/run.mjs", "verify", ...args],
      { cwd: root },
      (_, out, err) => resolve({ code: child.exitCode ?? -1, said: out + err }),
    );
  });
}

/** Changes the pages' HTML. */
function inPage(change: (html: string) => string): (passing: Passing) => void {
  return (passing) => {
    if (!String(passing.headers["content-type"]).startsWith("text/html") || passing.status !== 200) return;
    passing.body = Buffer.from(change(passing.body.toString("utf8")));
  };
}

test("a server that serves this build is told equal", async ({ library }) => {
  const { code, said } = await runVerify(library.url);
  expect(said).toContain(`all ${Object.keys(readBuilt("commonplace-bundles.json").files).length} are equal`);
  expect(said).toContain("Equal.");
  expect(code).toBe(0);
});

const tamperings: { title: string; tamper: (passing: Passing) => void; says: () => string }[] = [
  {
    title: "one changed byte of the worker",
    tamper: ({ path, body }) => {
      if (path === workerFile()) body[100] = (body[100] ?? 0) ^ 1;
    },
    says: () => `${workerFile()} has been changed`,
  },
  {
    title: "a file that is gone",
    tamper: (passing) => {
      if (passing.path === workerFile()) passing.status = 404;
    },
    says: () => `${workerFile()} is missing (404)`,
  },
  {
    title: "one script more, under the page's own nonce",
    tamper: inPage((html) => {
      const nonce = /nonce="([^"]+)"/.exec(html)?.[1];
      return html.replace("</body>", `<script nonce="${nonce}" src="/extra.js"></script></body>`);
    }),
    says: () => "loads a script that is not of this build: /extra.js",
  },
  {
    title: "an inline script, under the page's own nonce",
    tamper: inPage((html) => {
      const nonce = /nonce="([^"]+)"/.exec(html)?.[1];
      return html.replace("</body>", `<script nonce="${nonce}">send(passphrase)</script></body>`);
    }),
    says: () => "an inline script of unknown text: send(passphrase)",
  },
  {
    title: "integrity left out",
    tamper: inPage((html) => html.replaceAll(/ integrity="[^"]+"/g, "")),
    says: () => `the integrity of ${firstScript()} has been left out`,
  },
  {
    title: "a loosened policy",
    tamper: ({ headers }) => {
      const policy = headers["content-security-policy"];
      headers["content-security-policy"] = String(policy).replace("connect-src 'self'", "connect-src *");
    },
    says: () => "the header Content-Security-Policy is not ours",
  },
  {
    title: "a script in the data that pages are made from",
    tamper: (passing) => {
      if (passing.headers["content-type"] !== "text/x-component") return;
      const row = '\n99:["$","script","s",{"src":"https://elsewhere.example/x.js","async":true}]\n';
      passing.body = Buffer.concat([passing.body, Buffer.from(row)]);
    },
    says: () => "its data names a script of another server",
  },
  {
    title: "the list of another build",
    tamper: (passing) => {
      if (passing.path !== "/.well-known/commonplace-bundles.json") return;
      passing.body = Buffer.from(
        JSON.stringify({ ...readBuilt("commonplace-bundles.json"), version: "9.9.9" }),
      );
    },
    says: () => "lists another build",
  },
];

for (const { title, tamper, says } of tamperings) {
  test(`${title} is told`, async ({ library }) => {
    const proxy = await startTamperingProxy(library.url, tamper);
    try {
      const { code, said } = await runVerify(proxy.url);
      expect(said).toContain(says());
      expect(said).toContain("This server does not serve this build.");
      expect(code).toBe(1);
    } finally {
      await proxy.close();
    }
  });
}

test("a proxy that changes nothing is told equal, so that it is the changes that are seen", async ({
  library,
}) => {
  const proxy = await startTamperingProxy(library.url, () => {});
  expect(await runVerify(proxy.url)).toMatchObject({ code: 0 });
  await proxy.close();
});

test("a redirect to another server is not followed", async ({ library }) => {
  const proxy = await startTamperingProxy(library.url, (passing) => {
    if (passing.path !== "/privacy") return;
    passing.status = 302;
    passing.headers.location = "https://elsewhere.example/";
  });
  const { code, said } = await runVerify(proxy.url);
  expect(said).toContain("/privacy leads to another server, https://elsewhere.example");
  expect(code).toBe(1);
  await proxy.close();
});

test("anything but the address of one server is refused", async () => {
  for (const args of [
    [],
    ["ftp://localhost/"],
    ["http://a.example/x"],
    ["http://a.example/", "http://b.example/"],
  ]) {
    const { code, said } = await runVerify(...args);
    expect(said, args.join(" ")).toContain("npm run verify -- URL [--key FILE]");
    expect(code).toBe(1);
  }
});

test("a build that nobody signed fails a check against a key", async ({ library }) => {
  const folder = await mkdtemp(join(tmpdir(), "commonplace-key-"));
  const { publicKey } = generateKeyPairSync("ed25519");
  await writeFile(join(folder, "key.pem"), publicKey.export({ type: "spki", format: "pem" }));
  const proxy = await startTamperingProxy(library.url, (passing) => {
    if (passing.path.endsWith(".sig")) passing.status = 404;
  });
  const { code, said } = await runVerify(proxy.url, "--key", join(folder, "key.pem"));
  expect(said).toContain("there is none, and a key was named");
  expect(code).toBe(1);
  await proxy.close();
  await rm(folder, { recursive: true });
});

test("a signature is checked against the named key", async ({ library }) => {
  const folder = await mkdtemp(join(tmpdir(), "commonplace-key-"));
  const [ours, other] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
  for (const [name, pair] of Object.entries({ ours, other }))
    await writeFile(join(folder, `${name}.pem`), pair.publicKey.export({ type: "spki", format: "pem" }));
  const bytes = Buffer.from(
    await (await fetch(`${library.url}/.well-known/commonplace-bundles.json`)).arrayBuffer(),
  );
  const proxy = await startTamperingProxy(library.url, (passing) => {
    if (passing.path !== "/.well-known/commonplace-bundles.json.sig") return;
    passing.status = 200;
    passing.body = sign(null, bytes, ours.privateKey);
  });
  const good = await runVerify(proxy.url, "--key", join(folder, "ours.pem"));
  expect(good.said).toContain("is by the named key");
  expect(good.code).toBe(0);
  const bad = await runVerify(proxy.url, "--key", join(folder, "other.pem"));
  expect(bad.said).toContain("is not by the named key");
  expect(bad.code).toBe(1);
  await proxy.close();
  await rm(folder, { recursive: true });
});

test("the browser refuses a start script whose bytes were changed on the way", async ({ page }) => {
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  await page.route(`**${firstScript()}`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `${await answer.text()};self.tampered = true;` });
  });
  await page.goto("/", { waitUntil: "networkidle" });
  expect(await page.evaluate(() => "tampered" in self)).toBe(false);
  expect(complaints.join("\n")).toContain("integrity");
});
