/** `npm run koha:plugin`: packs the Koha plugin as the .kpz that Koha's staff client installs. Same sources, same bytes. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { downloadZip } from "client-zip";

/** The earliest that a ZIP can tell. */
const unchanging = new Date("1980-01-01T00:00:00");

/** A ZIP of `Koha/…` and nothing else: no tests, no notes. */
export async function packKohaPlugin(folder: string): Promise<Uint8Array> {
  const files = await readdir(join(folder, "Koha"), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const members = paths.sort().map(async (path) => ({
    name: relative(folder, path).replaceAll("\\", "/"),
    lastModified: unchanging,
    input: await readFile(path),
  }));
  return new Uint8Array(await downloadZip(await Promise.all(members)).arrayBuffer());
}

/** As the plugin itself says it. */
export async function readKohaPluginVersion(folder: string): Promise<string> {
  const plugin = await readFile(join(folder, "Koha/Plugin/Org/Commonplace/ReadingHistory.pm"), "utf8");
  const version = /our \$VERSION = '([\d.]+)'/.exec(plugin)?.[1];
  if (version === undefined) throw new Error("The Koha plugin does not say its version.");
  return version;
}

async function main(): Promise<void> {
  const folder = "integrations/koha";
  const name = `commonplace-koha-${await readKohaPluginVersion(folder)}.kpz`;
  await writeFile(name, await packKohaPlugin(folder));
  console.log(`${name} is ready: in Koha, Administration, Plugins, Upload.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
