/** `npm run walls`: no import crosses a wall of the house, and each wall is proven by violations planted in a copy. */
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { allowedFiles, plantedViolations } from "./planted-violations";
import { step } from "./steps.mjs";

const reportSchema = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
  modules: z.array(z.object({ source: z.string() })),
});

const rooms = ["app", "db", "lib", "scripts", "e2e", "bench"];
/** Far fewer than there are: a cruise that sees less looks at nothing. */
const fewestModules = 90;

/** What crosses a wall, one sentence each. Throws when the walls themselves prove blind. */
export async function findCrossings(root: string): Promise<string[]> {
  await proveWalls(root);
  const { modules, violations } = await cruise(root);
  const own = modules.filter((source) => !source.includes("node_modules"));
  if (own.length < fewestModules)
    throw new Error(`The walls saw ${own.length} modules only; something hides the rest.`);
  return violations.map(({ from, to, rule }) => `${rule}: ${from} → ${to}`);
}

/** Runs the same rules on a tree laid out like the project, full of planted violations: each must be caught, no more. */
async function proveWalls(root: string): Promise<void> {
  const tree = await mkdtemp(join(tmpdir(), "commonplace-walls-"));
  try {
    for (const name of [".dependency-cruiser.cjs", "tsconfig.json", "package.json"])
      await cp(join(root, name), join(tree, name));
    await symlink(join(root, "node_modules"), join(tree, "node_modules"));
    const files = {
      ...allowedFiles,
      ...Object.assign({}, ...plantedViolations.map((planted) => planted.files)),
    };
    for (const [path, content] of Object.entries<string>(files)) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), content);
    }
    const { violations } = await cruise(tree);
    const caught = new Set(violations.map(({ from, rule }) => `${rule} by ${from}`));
    const planted = new Set(
      plantedViolations.flatMap(({ rule, by }) => by.map((path) => `${rule} by ${path}`)),
    );
    const missed = [...planted].filter((one) => !caught.has(one));
    const wrongly = [...caught].filter((one) => !planted.has(one));
    if (missed.length > 0) throw new Error(`Walls that caught nothing: ${missed.join("; ")}`);
    if (wrongly.length > 0) throw new Error(`Walls that stopped what is allowed: ${wrongly.join("; ")}`);
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function cruise(root: string) {
  const program = join(process.cwd(), "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
  const present = await readdir(root);
  const targets = present.filter((name) => rooms.includes(name) || /^[a-z.]+\.(ts|mjs)$/.test(name));
  const args = [program, ...targets, "--config", ".dependency-cruiser.cjs", "--output-type", "json"];
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 200_000_000 });
  // Its exit code is the number of violations; anything that is no report is a fault of the tool.
  if (!run.stdout.startsWith("{")) throw new Error(`dependency-cruiser failed.\n${run.stderr}`);
  const { summary, modules } = reportSchema.parse(JSON.parse(run.stdout));
  return {
    modules: modules.map(({ source }) => source),
    violations: summary.violations.map(({ from, to, rule }) => ({ from, to, rule: rule.name })),
  };
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const crossings = await step("walls", () => findCrossings(process.cwd()));
  for (const crossing of crossings) console.error(`  ${crossing}`);
  if (crossings.length > 0) process.exitCode = 1;
}
