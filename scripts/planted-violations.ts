/** Violations of every wall, and imports that no wall may stop, as files of a small tree laid out like the project. */

export interface PlantedViolation {
  rule: string;
  /** The files that must be caught. */
  by: string[];
  files: Record<string, string>;
}

export const allowedFiles: Record<string, string> = {
  "lib/env.ts": "export const env = 1;\n",
  "lib/vault/blob.ts": 'import { sha256 } from "@noble/hashes/sha2.js";\nexport const blob = sha256;\n',
  "lib/vault/open/root.ts":
    'import { blob } from "../blob";\nexport const root = blob;\nexport type Root = string;\n',
  "lib/vault/open/root.test.ts":
    'import { test } from "vitest";\nimport { root } from "./root";\ntest("", () => void root);\n',
  "lib/custody/keyring.ts": 'import { hmac } from "@noble/hashes/hmac.js";\nexport const keyring = hmac;\n',
  "lib/circulation/port.ts": "export interface Port {}\n",
  "lib/circulation/demo/demo.ts": 'import type { Port } from "../port";\nexport const demo: Port = {};\n',
  "lib/circulation/sip/sip.ts": 'import type { Port } from "../port";\nexport const sip: Port = {};\n',
  "lib/circulation/chosen-system.ts": 'import { demo } from "./demo/demo";\nexport const chosen = demo;\n',
  "db/loans.ts":
    'import { sql } from "drizzle-orm";\nimport { env } from "@/lib/env";\nexport const loans = [sql, env];\n',
  "app/history/vault.worker.ts":
    'import { root } from "@/lib/vault/open/root";\nexport const started = root;\n',
  "app/server.ts":
    'import { chosen } from "@/lib/circulation/chosen-system";\nimport { loans } from "@/db/loans";\nexport const server = [chosen, loans];\n',
  "scripts/tool.ts": 'import { loans } from "@/db/loans";\nexport const tool = loans;\n',
  "e2e/look.spec.ts": 'import { Client } from "pg";\nexport const look = Client;\n',
};

export const plantedViolations: PlantedViolation[] = [
  {
    rule: "vault-imports-only-itself-and-cryptography",
    by: ["lib/vault/reads-env.ts", "lib/vault/reads-a-type.ts", "lib/vault/reads-a-file.ts"],
    files: {
      "lib/vault/reads-env.ts": 'import { env } from "@/lib/env";\nexport const seen = env;\n',
      "lib/vault/reads-a-type.ts":
        'import type { Port } from "../circulation/port";\nexport type Seen = Port;\n',
      "lib/vault/reads-a-file.ts":
        'import { readFileSync } from "node:fs";\nexport const seen = readFileSync;\n',
    },
  },
  {
    rule: "cryptography-only-in-vault-and-custody",
    by: ["lib/auth/own-cipher.ts", "app/own-hash.ts"],
    files: {
      "lib/auth/own-cipher.ts":
        'import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";\nexport const own = xchacha20poly1305;\n',
      "app/own-hash.ts": 'import { argon2id } from "hash-wasm";\nexport const own = argon2id;\n',
    },
  },
  {
    rule: "opening-half-only-from-the-worker",
    by: ["app/history/list.tsx", "lib/custody/peek.ts", "lib/vault/seal.ts"],
    files: {
      "app/history/list.tsx":
        'import type { Root } from "@/lib/vault/open/root";\nexport type Listed = Root;\n',
      "lib/custody/peek.ts": 'import { root } from "../vault/open/root";\nexport const peek = root;\n',
      "lib/vault/seal.ts": 'export const open = () => import("./open/root");\n',
    },
  },
  {
    rule: "sql-only-in-db",
    by: ["app/report.ts", "lib/audit/count.ts", "scripts/poke.ts"],
    files: {
      "app/report.ts": 'import { sql } from "drizzle-orm";\nexport const report = sql;\n',
      "lib/audit/count.ts": 'import type { Pool } from "pg";\nexport type Counted = Pool;\n',
      "scripts/poke.ts": 'import { Client } from "pg";\nexport const poke = Client;\n',
    },
  },
  {
    rule: "db-knows-no-domain",
    by: ["db/knows-loans.ts", "db/knows-next.ts"],
    files: {
      "db/knows-loans.ts": 'import type { Port } from "@/lib/circulation/port";\nexport type Known = Port;\n',
      "db/knows-next.ts": 'import { cookies } from "next/headers";\nexport const known = cookies;\n',
    },
  },
  {
    rule: "connector-only-from-its-chooser",
    by: [
      "app/desk.ts",
      "lib/circulation/other.ts",
      "lib/circulation/sip/borrows.ts",
      "lib/circulation/intake/asks.ts",
    ],
    files: {
      "app/desk.ts": 'import { demo } from "@/lib/circulation/demo/demo";\nexport const desk = demo;\n',
      "lib/circulation/other.ts": 'import { sip } from "./sip/sip";\nexport const other = sip;\n',
      "lib/circulation/sip/borrows.ts":
        'import { demo } from "../demo/demo";\nexport const borrows = demo;\n',
      "lib/circulation/intake/asks.ts": 'import { demo } from "../demo/demo";\nexport const asks = demo;\n',
    },
  },
  {
    rule: "app-only-from-app",
    by: ["lib/uses-a-page.ts", "proxy.ts"],
    files: {
      "app/page.tsx": "export const page = 1;\n",
      "lib/uses-a-page.ts": 'import { page } from "@/app/page";\nexport const used = page;\n',
      "proxy.ts": 'import { page } from "./app/page";\nexport const proxied = page;\n',
    },
  },
  {
    rule: "nothing-rests-on-tests",
    by: ["lib/rests.ts", "scripts/rests.ts"],
    files: {
      "lib/vault/fixtures/old.ts": 'import { root } from "../open/root";\nexport const old = root;\n',
      "lib/rests.ts": 'import { old } from "./vault/fixtures/old";\nexport const rests = old;\n',
      "scripts/rests.ts": 'import { look } from "../e2e/look.spec";\nexport const rests = look;\n',
    },
  },
  {
    rule: "no-circles",
    // One report for a circle, at its first file.
    by: ["lib/egg.ts"],
    files: {
      "lib/hen.ts": 'import type { Egg } from "./egg";\nexport interface Hen { from: Egg }\n',
      "lib/egg.ts": 'import type { Hen } from "./hen";\nexport interface Egg { from: Hen }\n',
    },
  },
  {
    rule: "no-barrels",
    by: ["lib/barrel/index.ts", "lib/drinks.ts"],
    files: {
      "lib/barrel/stave.ts": "export const stave = 1;\n",
      "lib/barrel/index.ts": 'export { stave } from "./stave";\n',
      "lib/drinks.ts": 'import { stave } from "./barrel";\nexport const drinks = stave;\n',
    },
  },
  {
    rule: "every-import-resolves",
    by: ["lib/lost.ts"],
    files: { "lib/lost.ts": 'import { nothing } from "@/lib/not-there";\nexport const lost = nothing;\n' },
  },
];
