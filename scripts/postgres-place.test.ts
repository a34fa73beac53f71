import { mkdir, mkdtemp, readlink, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeElsewhere } from "./postgres-place";

const ourselves = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

test("a folder or a link that somebody else put under the name is never taken for PostgreSQL's", async () => {
  const parent = await mkdtemp(join(tmpdir(), "commonplace-place-"));
  const find = () => makeElsewhere("/srv/library", ourselves, undefined, [parent]);
  try {
    const first = await find();
    expect(first.startsWith(parent)).toBe(true);
    const victim = join(parent, "victim");
    await mkdir(victim, { mode: 0o755 });
    await rm(first, { recursive: true });
    await symlink(victim, first);
    const second = await find();
    expect(second).toBe(`${first}-2`);
    expect(await readlink(first)).toBe(victim);
    expect((await stat(victim)).mode & 0o777).toBe(0o755);
    await rm(second, { recursive: true });
    await mkdir(second, { mode: 0o777 });
    expect(await find()).toBe(`${first}-3`);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
});
