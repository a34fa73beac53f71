/** The Koha plugin compiles, passes its own tests, and packs into what Koha can unpack. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { packKohaPlugin, readKohaPluginVersion } from "@/scripts/koha-plugin";

const run = promisify(execFile);
const folder = import.meta.dirname;
const scratch = await mkdtemp(join(tmpdir(), "commonplace-kpz-"));
afterAll(() => rm(scratch, { recursive: true }));

const perl = (...parameters: string[]) => run("perl", ["-It/lib", "-I.", ...parameters], { cwd: folder });
const listed = async (under: string, ending: RegExp) =>
  (await readdir(join(folder, under), { recursive: true })).filter((name) => ending.test(name)).sort();

const sources = await listed("Koha", /\.p[lm]$/);
const suites = await listed("t", /\.t$/);

it("has sources and suites to check", () => {
  expect(sources.length).toBeGreaterThan(5);
  expect(suites.length).toBeGreaterThan(3);
});

it.each(sources)("%s compiles without a warning", async (name) => {
  const { stderr } = await perl("-wc", join("Koha", name));
  expect(stderr).toBe(`${join("Koha", name)} syntax OK\n`);
});

it.each(suites)("%s passes without a warning", async (name) => {
  const { stdout, stderr } = await perl(join("t", name));
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^1\.\.\d+$/m);
});

/** Reads a member with the module that Perl itself brings. */
const unpack = `use IO::Uncompress::Unzip qw(unzip $UnzipError);
unzip($ARGV[0] => '-', Name => $ARGV[1]) or die $UnzipError`;

it("packs into a file from which each source comes out as it went in, the same at every packing", async () => {
  const packed = await packKohaPlugin(folder);
  expect(await packKohaPlugin(folder)).toEqual(packed);
  const path = join(scratch, "plugin.kpz");
  await writeFile(path, packed);
  for (const name of [...sources, "Plugin/Org/Commonplace/ReadingHistory/configure.tt"]) {
    const { stdout } = await perl("-e", unpack, path, `Koha/${name}`);
    expect(stdout, name).toBe(await readFile(join(folder, "Koha", name), "utf8"));
  }
  expect(await readKohaPluginVersion(folder)).toMatch(/^\d+\.\d+\.\d+$/);
});
