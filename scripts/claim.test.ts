import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimAlone, claimInTurn, joinClaim, livingClaims } from "./claim";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "commonplace-claim-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("of many claimants at once exactly one holds the folder, and the others read its words", async () => {
  for (let round = 0; round < 10; round++) {
    const place = join(folder, String(round));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => claimAlone(place, `claimant ${n}`)),
    );
    const holders = answers.filter((answer) => answer.ok);
    expect(holders).toHaveLength(1);
    expect(answers.findIndex((answer) => answer.ok)).toBe(
      Number(/\d/.exec(answers.find((answer) => !answer.ok)?.holder.says ?? "")?.[0]),
    );
  }
});

test("a claim that is let go can be had again", async () => {
  const first = await claimAlone(folder);
  if (first.ok) await first.claim.release();
  expect((await claimAlone(folder)).ok).toBe(true);
});

test("turns never overlap", async () => {
  let inside = 0;
  const visit = async () => {
    const claim = await claimInTurn(folder);
    inside += 1;
    expect(inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside -= 1;
    await claim.release();
  };
  await Promise.all(Array.from({ length: 6 }, visit));
});

test("a claim dies with its process, also when its number is used again", async () => {
  const short = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => short.once("close", resolve));
  const note = (pid: number | undefined) =>
    JSON.stringify({ pid, started: "long ago", firm: true, says: "" });
  await writeFile(join(folder, "dead.json"), note(short.pid));
  await writeFile(join(folder, "another.json"), note(process.pid));
  expect((await claimAlone(folder)).ok).toBe(true);
  expect(await readdir(folder)).toHaveLength(1);
});

test("any number may share a folder, and each can leave", async () => {
  const [one] = await Promise.all([joinClaim(folder), joinClaim(folder)]);
  expect(await livingClaims(folder)).toHaveLength(2);
  await one.release();
  expect(await livingClaims(folder)).toHaveLength(1);
});
