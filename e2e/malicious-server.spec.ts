/** Every lie that a server can tell about a vault: the reader is told in plain words, nothing is written over, and the truth opens again. */
import type { BrowserContext, Page } from "@playwright/test";
import { blindStretched } from "../lib/vault/open/passphrase";
import { secureRandom } from "../lib/vault/random-bytes";
import { sealEntry } from "../lib/vault/seal-entry";
import { newSigningKey } from "../lib/vault/signature";
import type { VaultSession } from "../lib/vault/unlocked-history";
import en from "../messages/en.json" with { type: "json" };
import { demoCards, expect, type SharedLibrary, test } from "./commonplace-test";
import { allRows, deviceOf, newPassphrase, turnOnHistoryOf } from "./patron-over-http";
import { checkout, reportLoans } from "./reading-history";
import { sql } from "./server-sql";
import {
  bytesOf,
  fetchWire,
  type Lie,
  sessionCookie,
  storedDigest,
  tellLies,
  textB64,
  type WireVault,
} from "./tampering";

const { failure, notice } = en.history;
/** The failures that have a notice of their own. */
type Why = {
  [Key in keyof typeof failure]: (typeof failure)[Key] extends { heading: string } ? Key : never;
}[keyof typeof failure];
const [, victimCard, otherCard] = demoCards;

interface Victim {
  url: string;
  header: string;
  cookie: Awaited<ReturnType<typeof sessionCookie>>["asBrowserHasIt"];
  passphrase: string;
  recoveryCode: string;
  /** The vault as it was with one loan in a chapter, and with two. */
  past: WireVault[];
  other: WireVault;
  titles: string[];
}

let victim: Victim;
let lent = 0;

async function lend(library: { url: string; loansToken: string }, card: string, title: string) {
  const answer = await reportLoans(library, [checkout(card, `lie-${Date.now()}-${lent++}`, title)]);
  expect(answer.status).toBe(204);
}

test.beforeAll(async () => {
  const library = JSON.parse(process.env.COMMONPLACE_E2E ?? "{}");
  const { url } = library;
  const begin = async (card: string, title: string) => {
    const { header, asBrowserHasIt } = await sessionCookie(url, card);
    await fetch(`${url}/api/vault`, { method: "DELETE", headers: { cookie: header } });
    const device: VaultSession = deviceOf(url, header);
    const passphrase = newPassphrase();
    const recoveryCode = await turnOnHistoryOf(device, passphrase);
    await lend(library, card, title);
    expect(await device.refresh()).toMatchObject({ ok: true, overview: { total: 1, unsaved: false } });
    return { header, cookie: asBrowserHasIt, device, passphrase, recoveryCode };
  };
  const { device, ...keys } = await begin(victimCard, "The Left Hand of Darkness");
  const past = [await fetchWire(url, keys.header)];
  await lend(library, victimCard, "The Lathe of Heaven");
  await device.refresh();
  past.push(await fetchWire(url, keys.header));
  const foreign = await begin(otherCard, "Somebody Else's Book");
  await lend(library, otherCard, "Somebody Else's Second Book");
  const other = await fetchWire(url, foreign.header);
  victim = { url, ...keys, past, other, titles: allRows(device).map(({ title }) => title ?? "") };
});

const now = () => fetchWire(victim.url, victim.header);
const digest = async (library: SharedLibrary) => storedDigest(library.databaseUrl, (await now()).vaultId);

async function visit(page: Page, context: BrowserContext): Promise<void> {
  await context.addCookies([victim.cookie]);
  await page.goto("/history");
}

async function unlockByCode(page: Page): Promise<void> {
  await page.getByRole("button", { name: en.history.present.use.recovery }).click();
  await page.getByRole("textbox", { name: en.history.recoveryCode }).fill(victim.recoveryCode);
  await page.getByRole("button", { name: en.history.unlock, exact: true }).click();
}

async function unlockByPassphrase(page: Page): Promise<void> {
  await page.getByLabel(en.history.passphrase, { exact: true }).fill(victim.passphrase);
  await page.getByRole("button", { name: en.history.unlock, exact: true }).click();
}

const said = (page: Page, sentence: string) => page.getByText(sentence, { exact: true });
const lockButton = (page: Page) => page.getByRole("button", { name: en.history.lock, exact: true });

/** The attack is over: everything that was ever lent is there, and nothing is said to be wrong. */
async function expectWhole(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: "wait" });
  await page.goto("/history");
  await unlockByCode(page);
  await expect(lockButton(page)).toBeVisible();
  const list = page.getByRole("list", { name: en.history.listName });
  await expect(list.getByRole("listitem")).toHaveCount(victim.titles.length);
  for (const title of victim.titles) await expect(list.getByText(title, { exact: true })).toBeVisible();
  for (const sentence of [
    notice.lostHeading,
    notice.unreadableHeading,
    notice.gapHeading,
    notice.slotsAlteredHeading,
    notice.unsavedHeading,
  ]) {
    await expect(said(page, sentence)).toHaveCount(0);
  }
}

const flipped = (text: string, at = -1) => {
  const bytes = bytesOf(text);
  const place = at < 0 ? bytes.length + at : at;
  return textB64(bytes.with(place, (bytes[place] ?? 0) ^ 1));
};
const versioned = (text: string, version: number) => textB64(bytesOf(text).with(0, version));

const refusals: [string, Why, Lie][] = [
  ["another recipient", "substituted", (vault) => ({ ...vault, recipient: victim.other.recipient })],
  [
    "another signing key",
    "substituted",
    (vault) => ({ ...vault, signPublicKey: victim.other.signPublicKey }),
  ],
  ["another patron's whole vault", "wrong-recovery-code", () => victim.other],
  ["another vault's id", "wrong-recovery-code", (vault) => ({ ...vault, vaultId: victim.other.vaultId })],
  ["another epoch", "wrong-recovery-code", (vault) => ({ ...vault, epoch: vault.epoch + 1 })],
  ["another vault's slots", "wrong-recovery-code", (vault) => ({ ...vault, slots: victim.other.slots })],
  ["another vault's manifest", "damaged", (vault) => ({ ...vault, manifest: victim.other.manifest })],
  [
    "an older manifest under today's number",
    "damaged",
    (vault) => ({ ...vault, manifest: victim.past[0]?.manifest ?? "" }),
  ],
  [
    "today's manifest under the next number",
    "damaged",
    (vault) => ({ ...vault, sequence: vault.sequence + 1 }),
  ],
  [
    "a manifest of an unknown version",
    "unknown-version",
    (vault) => ({ ...vault, manifest: versioned(vault.manifest, 2) }),
  ],
  [
    "slots of an unknown version",
    "unknown-version",
    (vault) => ({ ...vault, slots: vault.slots.map((slot) => ({ ...slot, blob: versioned(slot.blob, 0) })) }),
  ],
  [
    "slots without the recovery code's",
    "no-such-slot",
    (vault) => ({
      ...vault,
      slots: vault.slots.filter(({ kind }) => kind !== "recovery"),
    }),
  ],
  ["no vault at all", "no-vault", () => null],
  [
    "a chapter larger than any may be",
    "offline",
    (vault) => ({
      ...vault,
      chapters: vault.chapters.map((chapter) => ({ ...chapter, blob: "A".repeat(12 * 1024 * 1024) })),
    }),
  ],
];

for (const [lie, why, tell] of refusals) {
  test(`a server that shows ${lie} is refused, nothing is written, and the true vault opens after it`, async ({
    page,
    context,
    library,
  }) => {
    const before = await digest(library);
    await visit(page, context);
    await tellLies(page, tell);
    const writes: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "PUT" && request.url().includes("/api/vault")) writes.push(request.url());
    });
    await unlockByCode(page);
    await expect(page.getByRole("alert").filter({ hasText: failure[why].heading })).toBeVisible();
    await expect(lockButton(page)).toHaveCount(0);
    expect(writes).toEqual([]);
    expect(await digest(library)).toEqual(before);
    await expectWhole(page);
  });
}

/** The vault opens and says what is wrong; what it saves meanwhile takes nothing away. */
const partial: [string, string, Lie][] = [
  ["leaves a chapter out", notice.lostHeading, (vault) => ({ ...vault, chapters: [] })],
  [
    "shows an older revision of a chapter",
    notice.lostHeading,
    (vault) => ({ ...vault, chapters: victim.past[0]?.chapters ?? [] }),
  ],
  [
    "shows another vault's chapter under the right id",
    notice.lostHeading,
    (vault) => ({
      ...vault,
      chapters: vault.chapters.map((chapter) => ({
        ...chapter,
        blob: victim.other.chapters[0]?.blob ?? "",
      })),
    }),
  ],
  [
    "brings back a slot that is not the manifest's",
    notice.slotsAlteredHeading,
    (vault) => ({
      ...vault,
      slots: vault.slots.map((slot) =>
        slot.kind === "passphrase" ? { ...slot, blob: flipped(slot.blob) } : slot,
      ),
    }),
  ],
  [
    "adds another vault's slot",
    notice.slotsAlteredHeading,
    (vault) => ({ ...vault, slots: [...vault.slots, ...victim.other.slots.slice(0, 1)] }),
  ],
  [
    "adds another vault's sealed entry",
    notice.unreadableHeading,
    (vault) => ({ ...vault, inbox: [...vault.inbox, ...victim.other.inbox] }),
  ],
  [
    "damages a sealed entry",
    notice.unreadableHeading,
    (vault) => ({ ...vault, inbox: vault.inbox.map((row) => ({ ...row, sealed: flipped(row.sealed) })) }),
  ],
];

for (const [lie, sentence, tell] of partial) {
  test(`a server that ${lie} is found out, and nothing is lost by it`, async ({ page, context, library }) => {
    const title = `Lent before it ${lie}`;
    await lend(library, victimCard, title);
    victim.titles.push(title);
    const before = new Set((await now()).chapters.map(({ id }) => id));
    await visit(page, context);
    await tellLies(page, tell);
    await unlockByCode(page);
    await expect(lockButton(page)).toBeVisible();
    await expect(said(page, sentence)).toBeVisible();
    for (const id of before) expect((await now()).chapters.map((chapter) => chapter.id)).toContain(id);
    await expectWhole(page);
  });
}

test("a server that withholds a sealed entry is found out as soon as a later one is shown", async ({
  page,
  context,
  library,
}) => {
  const titles = ["Withheld for a While", "Shown at Once"];
  await lend(library, victimCard, titles[0] ?? "");
  const [withheld] = (await now()).inbox;
  await lend(library, victimCard, titles[1] ?? "");
  victim.titles.push(...titles);
  await visit(page, context);
  await tellLies(page, (vault) => ({ ...vault, inbox: vault.inbox.filter(({ id }) => id !== withheld?.id) }));
  await unlockByCode(page);
  await expect(said(page, notice.gapHeading)).toBeVisible();
  await expect(page.getByText("Shown at Once", { exact: true })).toBeVisible();
  await expectWhole(page);
});

test("entries that come again, and in another order, change nothing", async ({ page, context, library }) => {
  for (const title of ["First of Three", "Second of Three", "Third of Three"]) {
    await lend(library, victimCard, title);
    victim.titles.push(title);
  }
  const { inbox } = await now();
  const visits: Lie[] = [
    (vault) => ({ ...vault, inbox: vault.inbox.toReversed() }),
    (vault) => ({ ...vault, inbox: [...vault.inbox, ...inbox] }),
  ];
  for (const lie of visits) {
    await visit(page, context);
    await tellLies(page, lie);
    await unlockByCode(page);
    const list = page.getByRole("list", { name: en.history.listName });
    await expect(list.getByRole("listitem")).toHaveCount(victim.titles.length);
    await expect(said(page, notice.unreadableHeading)).toHaveCount(0);
    await page.unrouteAll({ behavior: "wait" });
  }
  await expectWhole(page);
});

test("whoever can only write the database slips in no loan: it is counted, left where it is, and not believed", async ({
  page,
  context,
  library,
}) => {
  const { vaultId, recipient } = await now();
  const about = { recordId: null, author: null, isbn: null, format: null, callNumber: null, subjects: [] };
  const forged = {
    vaultId,
    entryId: "forged-forged-forged--",
    event: "checkout" as const,
    title: "Planted Evidence",
  };
  const dates = { day: "2026-11-01", due: null, previous: secureRandom(32) };
  const sealed = await sealEntry({ ...about, ...forged, ...dates }, recipient, newSigningKey(secureRandom));
  const id = crypto.randomUUID();
  await sql(library.databaseUrl, "insert into vault_inbox (id, vault_id, body) values ($1, $2, $3)", [
    id,
    vaultId,
    Buffer.from(sealed),
  ]);
  await visit(page, context);
  await unlockByCode(page);
  await expect(said(page, notice.unreadableHeading)).toBeVisible();
  await expect(page.getByText("Planted Evidence")).toHaveCount(0);
  expect((await now()).inbox.map((row) => row.id)).toContain(id);
  await sql(library.databaseUrl, "delete from vault_inbox where id = $1", [id]);
  await expectWhole(page);
});

const inSession: ["rolled-back" | "substituted" | "no-vault", string, () => WireVault | null][] = [
  ["rolled-back", "an older state", () => victim.past[0] ?? null],
  ["substituted", "another vault", () => victim.other],
  ["no-vault", "none any more", () => null],
];

for (const [why, lie, shown] of inSession) {
  test(`an open history that is shown ${lie} stays as it is, and says so`, async ({
    page,
    context,
    library,
  }) => {
    const title = `Open while shown ${lie}`;
    await lend(library, victimCard, title);
    victim.titles.push(title);
    await visit(page, context);
    await page.route("**/api/vault", (route) =>
      route.request().method() === "PUT" ? route.abort() : route.continue(),
    );
    await unlockByCode(page);
    await expect(said(page, notice.unsavedHeading)).toBeVisible();
    const before = await digest(library);
    await tellLies(page, shown);
    await page.getByRole("button", { name: notice.saveAgain }).click();
    await expect(page.getByRole("alert").filter({ hasText: notice.failure[why].heading })).toBeVisible();
    await expect(page.getByText(title, { exact: true })).toBeVisible();
    expect(await digest(library)).toEqual(before);
    await expectWhole(page);
  });
}

test("on a shared computer an old state opens without a word but for its sign, which is another; nothing is written over", async ({
  page,
  context,
  library,
}) => {
  const sign = page.getByText(/Its sign is/).locator("strong");
  await visit(page, context);
  await expectWhole(page);
  await page.getByText(en.history.checkpointHeading).click();
  const words = await sign.textContent();
  const before = await digest(library);
  await page.goto("/history");
  await tellLies(page, () => victim.past[0] ?? null);
  await unlockByCode(page);
  await page.getByText(en.history.checkpointHeading).click();
  await expect(sign).not.toHaveText(words ?? "");
  expect(await digest(library)).toEqual(before);
  await expectWhole(page);
});

const strangeElement = () => blindStretched(secureRandom(32), secureRandom).blinded;
const answers: [string, () => Uint8Array][] = [
  ["the identity", () => new Uint8Array(32)],
  ["bytes that are no element", () => new Uint8Array(32).fill(255)],
  ["another key's answer", strangeElement],
];

for (const [half, evaluated] of answers) {
  test(`${half} in place of the server's half of the key opens nothing, and tells the server nothing`, async ({
    page,
    context,
    library,
  }) => {
    const before = await digest(library);
    await visit(page, context);
    const refills: string[] = [];
    await page.route("**/api/vault/guess", async (route) => {
      if (route.request().method() === "PUT") refills.push(route.request().url());
      if (route.request().method() !== "POST") return route.continue();
      const answer = await route.fetch();
      await route.fulfill({
        response: answer,
        json: { ...(await answer.json()), evaluated: textB64(evaluated()) },
      });
    });
    await unlockByPassphrase(page);
    await expect(
      page.getByRole("alert").filter({ hasText: failure["wrong-passphrase"].heading }),
    ).toBeVisible();
    expect(refills).toEqual([]);
    expect(await digest(library)).toEqual(before);
    await page.unrouteAll({ behavior: "wait" });
    await unlockByPassphrase(page);
    await expect(lockButton(page)).toBeVisible();
  });
}

test("no answer can make the passphrase cheaper to guess: a slot of another version is refused before anything is sent", async ({
  page,
  context,
}) => {
  await visit(page, context);
  for (const version of [0, 2, 255]) {
    await tellLies(page, (vault) => ({
      ...vault,
      slots: vault.slots.map((slot) => ({ ...slot, blob: versioned(slot.blob, version) })),
    }));
    const guesses: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/vault/guess")) guesses.push(request.url());
    });
    await unlockByPassphrase(page);
    await expect(
      page.getByRole("alert").filter({ hasText: failure["unknown-version"].heading }),
    ).toBeVisible();
    expect(guesses).toEqual([]);
    await page.unrouteAll({ behavior: "wait" });
  }
  await unlockByPassphrase(page);
  await expect(lockButton(page)).toBeVisible();
});
