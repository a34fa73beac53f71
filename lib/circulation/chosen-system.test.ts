/** The settings of a library system, as they reach its connector. */
import { afterEach, expect, test, vi } from "vitest";
import { testDatabase } from "@/db/test-database";
import { openKohaWorld } from "./koha/fixtures/koha-contract";
import { apiClient } from "./koha/fixtures/koha-simulator";

afterEach(() => vi.unstubAllEnvs());

test.each(["", "/", "/api/v1", "/api/v1/"])(
  "KOHA_URL with %j at its end leads to Koha's API",
  async (end) => {
    const { simulator, close } = await openKohaWorld();
    const { db, close: closeDatabase } = await testDatabase();
    const settings = {
      DATABASE_URL: "unused",
      AUTH_SECRET: "x".repeat(32),
      LOANS_TOKEN: "x".repeat(32),
      LOG_LEVEL: "silent",
      LIBRARY_SYSTEM: "koha",
      KOHA_URL: `http://127.0.0.1:${simulator.port}${end}`,
      KOHA_CLIENT_ID: apiClient.id,
      KOHA_CLIENT_SECRET: apiClient.secret,
      KOHA_FINES: "false",
    };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    vi.resetModules();
    const { chooseLibrarySystem } = await import("./chosen-system");
    const library = chooseLibrarySystem(db);
    expect(library.capabilities).toMatchObject({ holds: true, fines: "none" });
    expect(await library.authenticate("23529000000001", "pin-4711!")).toMatchObject({ patron: { id: "51" } });
    expect(await library.readAccount({ id: "51" })).toMatchObject({ ok: true });
    await library.close();
    await close();
    await closeDatabase();
  },
);
