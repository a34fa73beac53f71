/** One contract for every place where a keyring may lie. */
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { openDatabase } from "@/db/connection";
import { migrateKeyringDatabase } from "@/db/keyring-database";
import { emptyDatabase } from "@/db/test-database";
import { openKeyring } from "./keyring";
import { type KeyringContents, newMaster } from "./keyring-contents";
import { databaseKeyring } from "./keyring-database";
import { fileKeyring } from "./keyring-file";
import type { KeyringStore } from "./keyring-store";

const today = "2026-03-02";

interface Place {
  address: string;
  open(): KeyringStore;
  /** Puts a text there that is no keyring. */
  spoil(text: string): Promise<void>;
}

async function filePlace(): Promise<Place> {
  const address = join(mkdtempSync(join(tmpdir(), "keyring-")), "keyring.json");
  return {
    address,
    open: () => fileKeyring(address),
    spoil: async (text) => writeFileSync(address, text),
  };
}

async function databasePlace(): Promise<Place> {
  const address = await emptyDatabase();
  await migrateKeyringDatabase(address);
  return {
    address,
    open: () => databaseKeyring(address),
    async spoil(text) {
      const { pool, close } = openDatabase(address, 1);
      await pool.query("delete from commonplace_keyring");
      await pool.query("insert into commonplace_keyring (document) values ($1)", [text]);
      await close();
    },
  };
}

const opened: KeyringStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

describe.each([
  { kind: "file", makePlace: filePlace },
  { kind: "database", makePlace: databasePlace },
])("a keyring in a $kind", ({ kind, makePlace }) => {
  const openIn = (place: Place) => {
    const store = place.open();
    opened.push(store);
    return store;
  };
  const next = (seen: KeyringContents): KeyringContents => ({
    ...seen,
    current: seen.current + 1,
    masters: [newMaster(seen.current + 1, today)],
  });

  test("is not there until it is made; of many that make it at once, all get the same", async () => {
    const place = await makePlace();
    expect(await openIn(place).read()).toBeNull();
    const made = await Promise.all(Array.from({ length: 8 }, () => openIn(place).readOrMake(today)));
    expect(new Set(made.map((contents) => JSON.stringify(contents))).size).toBe(1);
    expect(made[0]).toMatchObject({ current: 1, masters: [{ generation: 1, since: today }] });
    expect(await openIn(place).read()).toEqual(made[0]);
  });

  test("shows a process that was started before a rotation the new master, and not the destroyed one", async () => {
    const place = await makePlace();
    const keyring = await openKeyring(openIn(place), today);
    const other = openIn(place);
    const seen = await other.readOrMake(today);
    const rotated = next(seen);
    await other.replace(rotated, seen);
    expect(await keyring.currentMaster()).toMatchObject({ generation: 2 });
    const key = Buffer.from(rotated.masters[0]?.keyB64 ?? "", "base64");
    expect(Buffer.from(await keyring.master(2))).toEqual(key);
    expect(await keyring.findMaster(1)).toBeNull();
    await expect(keyring.master(1)).rejects.toMatchObject({ code: "no-master" });
  });

  test("is not replaced by who has not seen the last one", async () => {
    const place = await makePlace();
    const [one, other] = [openIn(place), openIn(place)];
    const seen = await one.readOrMake(today);
    const rotated = next(seen);
    await one.replace(rotated, seen);
    await expect(other.replace(next(seen), seen)).rejects.toMatchObject({ code: "keyring-changed" });
    expect(await other.read()).toEqual(rotated);
  });

  test("is whole at every moment for those who read while it is replaced", async () => {
    const place = await makePlace();
    const writer = openIn(place);
    let seen = await writer.readOrMake(today);
    let done = false;
    const readers = Array.from({ length: 3 }, async () => {
      const reader = openIn(place);
      let newest = 0;
      while (!done) {
        const found = await reader.read();
        expect(found?.masters.map(({ generation }) => generation)).toEqual([found?.current]);
        expect(found?.current).toBeGreaterThanOrEqual(newest);
        newest = found?.current ?? 0;
        await sleep(0);
      }
    });
    for (let count = 0; count < 60; count++) {
      const rotated = next(seen);
      await writer.replace(rotated, seen);
      seen = rotated;
      await sleep(0);
    }
    done = true;
    await Promise.all(readers);
    expect(await writer.read()).toEqual(seen);
  });

  test("is whole after a process was killed in the middle of replacing it, and can be replaced again", async () => {
    const place = await makePlace();
    for (const millis of [5, 23, 61]) {
      const script = new URL("fixtures/replace-keyring-forever.ts", import.meta.url).pathname;
      const child = spawn(process.execPath, ["--import", "tsx", script, kind, place.address], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      await sleep(millis);
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
      const store = openIn(place);
      const found = await store.readOrMake(today);
      expect(found.masters).toMatchObject([{ generation: found.current }]);
      const rotated = next(found);
      // The killed one's transaction may end a moment after it: then the found one is no longer the last.
      await expect
        .poll(async () => {
          const seen = await store.readOrMake(today);
          return store.replace(next(seen), seen).then(
            () => "replaced",
            () => "changed",
          );
        })
        .toBe("replaced");
      expect((await store.read())?.current).toBeGreaterThanOrEqual(rotated.current);
    }
  }, 60_000);

  test("is refused, without being quoted, when what lies there is no keyring of version 1", async () => {
    const place = await makePlace();
    await place.spoil('{"version":2,"secretB64":"c2VjcmV0"}');
    const store = openIn(place);
    await expect(store.read()).rejects.toThrow(/^keyring-unreadable$/);
    await expect(store.readOrMake(today)).rejects.toThrow(/^keyring-unreadable$/);
  });
});

test("a keyring database that cannot be reached is told by a code, and nothing of its address", async () => {
  const store = databaseKeyring("postgresql://someone:secret-word@127.0.0.1:1/nothing");
  opened.push(store);
  const fault = await store.read().catch((caught: unknown) => caught);
  expect(fault).toMatchObject({ code: "keyring-unreachable" });
  expect(JSON.stringify(fault, Object.getOwnPropertyNames(fault))).not.toContain("secret-word");
});
