import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } },
  test: {
    include: ["{app,db,integrations,lib,scripts}/**/*.test.ts"],
    globalSetup: ["scripts/test-postgres.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
