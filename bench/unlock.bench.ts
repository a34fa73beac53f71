/** How long a vault of 10,000 entries takes to unlock, step by step, against Argon2id alone. */
import { argon2id } from "hash-wasm";
import { HistoryShelf } from "@/lib/vault/open/history-shelf";
import { openVault, planCommit } from "@/lib/vault/open/open-vault";
import { stretchVersion1 } from "@/lib/vault/open/passphrase";
import { prepareVault } from "@/lib/vault/open/set-up";
import { TrialServer } from "@/lib/vault/open/trial-server";
import { newUuid } from "@/lib/vault/open/uuid";
import { copyOfSnapshot, knownOf } from "@/lib/vault/open/vault-copy";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import type { UnlockStep } from "@/lib/vault/unlocked-history";

const count = 10_000;
const passphrase = "correct horse battery staple";
/** Everything but the stretching, as a share of it. */
const mostBesides = 1;

const server = new TrialServer();
const world = { server, random: secureRandom, today: () => "2026-03-01" };
const result = await prepareVault({ passphrase }, world, () => {});
if (!result.ok) throw new Error(result.why);
const { creation, keys } = result.prepared;
await server.createVault(creation);
if (server.vault === null) throw new Error("no vault");

const opened = await openVault(server.vault, keys);
if (!opened.ok) throw new Error(opened.why);
opened.opened.shelf = new HistoryShelf();
const words = "sea winter garden house letters light river stone music brother island clock paper".split(" ");
const pick = (salt: number, number: number) => words[(number * salt + (number >> 3)) % words.length] ?? "";
for (let number = 0; number < count; number += 1) {
  const day = new Date(Date.UTC(2000, 0, 1 + number)).toISOString().slice(0, 10);
  opened.opened.shelf.merge({
    id: newUuid(secureRandom).replaceAll("-", "").slice(0, 22),
    recordId: String(100_000 + ((number * 7919) % 400_000)),
    title: `The ${pick(3, number)} of the ${pick(5, number)} ${pick(7, number)} ${number % 977}`,
    author: `${pick(11, number)}, ${pick(2, number)} ${number % 331}`,
    isbn: `978${String((number * 7919 * 104729) % 10_000_000_000).padStart(10, "0")}`,
    format: number % 5 === 0 ? "audiobook" : "book",
    callNumber: `PR${number % 9000} .${pick(4, number).slice(0, 1).toUpperCase()}${number % 97}`,
    subjects: [`${pick(6, number)} — Fiction`, pick(9, number)],
    outOn: day,
    dueOn: day,
    returnedOn: day,
    renewals: number % 4 === 0 ? [day] : [],
  });
}
const sealStart = performance.now();
const planned = await planCommit(opened.opened, keys, secureRandom, null);
const sealMs = performance.now() - sealStart;
await server.commitVault(planned.commit);
const bytes = planned.commit.chapters.reduce((sum, chapter) => sum + chapter.blob.length, 0);
console.log(
  `${count} entries in ${planned.commit.chapters.length} chapters, ${(bytes / 1e6).toFixed(2)} MB, ` +
    `packed and sealed in ${Math.round(sealMs)} ms`,
);

const argonStart = performance.now();
await argon2id({ password: passphrase, salt: secureRandom(16), ...stretchVersion1, outputType: "binary" });
const argonMs = performance.now() - argonStart;

const session = openVaultSession(world);
const marks: { step: UnlockStep | "ready"; at: number }[] = [];
const outcome = await session.unlock({ kind: "passphrase", secret: passphrase }, (step) =>
  marks.push({ step, at: performance.now() }),
);
marks.push({ step: "ready", at: performance.now() });
if (!outcome.ok || outcome.overview.total !== count) throw new Error("the vault did not open whole");
const first = marks[0]?.at ?? 0;
const totalMs = (marks.at(-1)?.at ?? 0) - first;
for (const [index, mark] of marks.slice(0, -1).entries()) {
  console.log(
    `  ${mark.step.padEnd(10)} ${((marks[index + 1]?.at ?? 0) - mark.at).toFixed(0).padStart(5)} ms`,
  );
}
const stretching = marks.findIndex((mark) => mark.step === "stretching");
const stretchMs = (marks[stretching + 1]?.at ?? 0) - (marks[stretching]?.at ?? 0);
const pageStart = performance.now();
session.page(0, 50);
console.log(`  first page ${(performance.now() - pageStart).toFixed(0).padStart(5)} ms`);
const besides = (totalMs - stretchMs) / argonMs;
console.log(
  `unlocked in ${Math.round(totalMs)} ms; Argon2id alone ${Math.round(argonMs)} ms; ` +
    `all the rest is ${besides.toFixed(2)} of it (limit: ${mostBesides})`,
);

/** The reader's own device: what a next unlock fetches, when nothing is new and after one loan. */
const wireBytes = (fetched: unknown) =>
  JSON.stringify(fetched, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
  ).length;
const whole = await server.fetchVault();
if (!whole.ok || whole.vault === null) throw new Error("no vault");
const known = knownOf(copyOfSnapshot(whole.vault));
const same = wireBytes(await server.fetchVault(known));
await server.report({
  loanId: "one more",
  event: "checkout",
  day: "2026-03-01",
  due: "2026-03-22",
  recordId: "1",
  title: "One more",
  author: null,
  isbn: null,
  format: "book",
  callNumber: null,
  subjects: [],
});
await session.refresh();
const changed = wireBytes(await server.fetchVault(known));
const firstBytes = wireBytes(whole);
console.log(
  `fetched at first ${firstBytes} bytes; at the next unlock ${same}, or ${changed} after one loan; ` +
    `asking takes ${wireBytes(known)} (limits: a tenth, a half)`,
);
if (besides > mostBesides || same > firstBytes / 10 || changed > firstBytes / 2) process.exitCode = 1;
