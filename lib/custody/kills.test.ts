import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFailed, test } from "vitest";
import { runKills } from "./fixtures/kill-run";

const points = 60;
const seed = Number(process.env.KILL_SEED ?? 20_261_124);

test("killed at 60 random moments, worker or PostgreSQL, nothing acknowledged is lost, doubled or half deleted", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "commonplace-kills-"));
  if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  onTestFailed(() => console.error(`KILL_SEED=${seed} was the seed.`));
  try {
    const figures = await runKills({ points, seed, dataDir });
    expect(figures).toMatchObject({ points, lost: [], doubled: [], halfDeleted: [], broken: [] });
    // A run in which nothing was under way would show nothing.
    for (const kind of ["deposit", "merge", "rotation", "set-up", "afresh"] as const) {
      expect(figures.interrupted[kind], `${kind} under way`).toBeGreaterThan(0);
    }
    expect(figures.acknowledged.deposit).toBeGreaterThan(points / 2);
    expect(figures.lookedFor).toBeGreaterThan(points);
    expect(figures.victims.postgres + figures.victims.backend).toBeGreaterThan(0);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 600_000);
