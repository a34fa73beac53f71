/** How fast an inbox of 1,000 entries opens, against the price of sealing them. */
import { entryReader, openEntry } from "@/lib/vault/open/open-entry";
import { deriveVaultKeys, newRootKey } from "@/lib/vault/open/root-key";
import { newUuid } from "@/lib/vault/open/uuid";
import { secureRandom } from "@/lib/vault/random-bytes";
import { sealEntry } from "@/lib/vault/seal-entry";
import { newSigningKey, signingPublicKey } from "@/lib/vault/signature";

const count = 1000;
const leastPerSecond = 100;

const vaultId = newUuid(secureRandom);
const intakeKey = newSigningKey(secureRandom);
const keys = await deriveVaultKeys(newRootKey(secureRandom), vaultId, 1);
const reader = entryReader(keys.identity, vaultId, signingPublicKey(intakeKey));
const seal = (number: number) =>
  sealEntry(
    {
      vaultId,
      entryId: `entry ${number}`,
      event: "checkout",
      day: "2026-02-01",
      due: "2026-02-22",
      previous: new Uint8Array(32),
      recordId: String(number),
      title: `A title of usual length, number ${number}`,
      author: "Author, Usual",
      isbn: "9780141439549",
      format: "book",
      callNumber: "PR4662 .A1",
      subjects: ["Fiction", "City and town life"],
    },
    keys.recipient,
    intakeKey,
  );

for (let warm = 0; warm < 20; warm += 1) await openEntry(reader, await seal(warm));

const sealStart = performance.now();
const rows: Uint8Array[] = [];
for (let number = 0; number < count; number += 1) rows.push(await seal(number));
const sealSeconds = (performance.now() - sealStart) / 1000;

const openStart = performance.now();
let opened = 0;
for (const row of rows) if ((await openEntry(reader, row)).ok) opened += 1;
const openSeconds = (performance.now() - openStart) / 1000;

const perSecond = Math.round(opened / openSeconds);
console.log(
  `sealed ${count} entries in ${sealSeconds.toFixed(2)} s: ${Math.round(count / sealSeconds)} a second`,
);
console.log(
  `opened ${opened} in ${openSeconds.toFixed(2)} s: ${perSecond} a second (limit: at least ${leastPerSecond})`,
);
console.log(
  `opening costs ${(openSeconds / sealSeconds).toFixed(2)} of sealing; ${rows[0]?.length} bytes a row`,
);
if (opened !== count || perSecond < leastPerSecond) process.exitCode = 1;
