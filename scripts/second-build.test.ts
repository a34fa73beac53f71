import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { compareBuilds } from "./second-build";

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

async function build(files: (root: string) => Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "commonplace-built-"));
  made.push(root);
  for (const [name, content] of Object.entries(files(root))) {
    await mkdir(dirname(join(root, ".next", name)), { recursive: true });
    await writeFile(join(root, ".next", name), content);
  }
  return root;
}

const sound = (root: string) => ({
  "static/chunks/a.js": "f()",
  "server/app/page.js": "g()",
  "required-server-files.json": JSON.stringify({ root, other: 1 }),
  "server/preview-props.json": `{"previewModeId":"${Buffer.from(root).toString("hex")}"}`,
  trace: root,
  "cache/x": root,
});

test("builds that differ by their folder, durations and draft keys only are the same", async () => {
  expect(await compareBuilds(await build(sound), await build(sound))).toEqual([]);
});

test("a time in a bundle is told", async () => {
  const timed = (root: string) => ({ ...sound(root), "static/chunks/a.js": `f("${root}")` });
  expect(await compareBuilds(await build(timed), await build(timed))).toEqual([
    ".next/static/chunks/a.js differs",
  ]);
});

test("a folder's name in the server's code is told, since only Next's settings may hold it", async () => {
  const placed = (root: string) => ({ ...sound(root), "server/app/page.js": root });
  expect(await compareBuilds(await build(placed), await build(placed))).toEqual([
    ".next/server/app/page.js differs",
  ]);
});

test("a file more and a file less are told", async () => {
  const more = (root: string) => ({ ...sound(root), "static/chunks/b.js": "" });
  const [small, large] = [await build(sound), await build(more)];
  expect(await compareBuilds(small, large)).toEqual([".next/static/chunks/b.js is only in the second build"]);
  expect(await compareBuilds(large, small)).toEqual([".next/static/chunks/b.js is only in the first build"]);
});

test("nothing to compare with is no sameness", async () => {
  expect(await compareBuilds(await build(() => ({})), await build(() => ({})))).toHaveLength(1);
});
