/** What `npm run kills` runs: 1,000 random kills, or as many as said, with the seed printed that would repeat the choice of them. */
import { randomInt } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runKills } from "@/lib/custody/fixtures/kill-run";

const points = Number(process.argv[2] ?? 1000);
const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
console.log(`${points} kill points, KILL_SEED=${seed}`);
const dataDir = await mkdtemp(join(tmpdir(), "commonplace-kills-"));
if (process.getuid?.() === 0) await chmod(dataDir, 0o711);
try {
  const figures = await runKills({
    points,
    seed,
    dataDir,
    onPoint: (done) => {
      if (done % 50 === 0) console.log(`  ${done} of ${points}`);
    },
  });
  console.log(figures);
  const faults = [figures.lost, figures.doubled, figures.halfDeleted, figures.broken].flat().length;
  console.log(`${figures.points} points, ${figures.events} events acknowledged, ${faults} faults`);
  process.exitCode = faults === 0 && figures.points === points ? 0 : 1;
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
