/** The walls of the house, as docs/ARCHITECTURE.md explains them. `npm run walls` checks them and proves that each can fail. */

const cryptography = "node_modules/(@noble/[^/]+|@scure/base|age-encryption|hash-wasm)/";
const database = "node_modules/(drizzle-orm|drizzle-kit|pg|pg-[^/]+|@types/pg)/";
/** Tests and measures may reach what they test. */
const tests = "(\\.test\\.tsx?$|/fixtures/|^(e2e|bench)/)";
const connector = "^lib/circulation/(?!intake/)[^/]+/";

module.exports = {
  forbidden: [
    {
      name: "vault-imports-only-itself-and-cryptography",
      severity: "error",
      from: { path: "^lib/vault/", pathNot: tests },
      to: { pathNot: ["^lib/vault/", cryptography] },
    },
    {
      name: "cryptography-only-in-vault-and-custody",
      severity: "error",
      from: { pathNot: ["^lib/(vault|custody)/", tests] },
      to: { path: cryptography },
    },
    {
      name: "opening-half-only-from-the-worker",
      severity: "error",
      from: { pathNot: ["^lib/vault/open/", "^app/history/[^/]+\\.worker\\.ts$", tests] },
      to: { path: "^lib/vault/open/" },
    },
    {
      name: "sql-only-in-db",
      severity: "error",
      from: { pathNot: ["^db/", "^drizzle\\.config\\.ts$", tests] },
      to: { path: database },
    },
    {
      name: "db-knows-no-domain",
      severity: "error",
      from: { path: "^db/", pathNot: tests },
      to: {
        path: ["^(app|lib|scripts|e2e|bench)/", "node_modules/(next|next-auth|react)/"],
        pathNot: "^lib/env\\.ts$",
      },
    },
    {
      name: "connector-only-from-its-chooser",
      severity: "error",
      from: { pathNot: ["^lib/circulation/chosen-system\\.ts$", connector, tests] },
      to: { path: connector },
    },
    {
      name: "connector-only-from-its-chooser",
      severity: "error",
      from: { path: "^lib/circulation/(?!intake/)([^/]+)/", pathNot: tests },
      to: { path: connector, pathNot: "^lib/circulation/$1/" },
    },
    {
      name: "app-only-from-app",
      severity: "error",
      from: { pathNot: "^app/" },
      to: { path: "^app/" },
    },
    {
      name: "nothing-rests-on-tests",
      severity: "error",
      from: { pathNot: tests },
      to: {
        path: ["^(app|db|lib|scripts)/.*\\.test\\.tsx?$", "/fixtures/", "^(e2e|bench)/"],
        pathNot: "node_modules",
      },
    },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-barrels",
      severity: "error",
      from: {},
      to: { path: "(^|/)index\\.[a-z]+$", pathNot: "node_modules" },
    },
    {
      name: "no-barrels",
      severity: "error",
      from: { path: "(^|/)index\\.[a-z]+$", pathNot: "node_modules" },
      to: {},
    },
    {
      name: "every-import-resolves",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "\\.css$|^@fontsource" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|\\.data|test-results)/|^node_modules/[^/]+$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
