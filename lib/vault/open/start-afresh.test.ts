import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toB64 } from "../base64";
import { secureRandom } from "../random-bytes";
import type { AfreshChoice, VaultSession } from "../unlocked-history";
import { type Afresh, maxAfreshChapterBytes } from "../vault-contents";
import list from "./eff-words.json" with { type: "json" };
import { openVault, planCommit } from "./open-vault";
import { deriveVaultKeys } from "./root-key";
import { type Loan, TrialServer } from "./trial-server";
import { unlockByRecoveryCode } from "./unlock-slot";
import { newUuid } from "./uuid";
import { openVaultSession } from "./vault-session";

const passphrase = "correct horse battery staple";
const next = "entirely different set of words";
const ready = new TrialServer();
let recoveryCode: string;
let server: TrialServer;
let session: VaultSession;

const sessionOn = (on: TrialServer) =>
  openVaultSession({ server: on, random: secureRandom, today: () => "2026-03-01" });
const byPassphrase = (secret = passphrase) => ({ kind: "passphrase" as const, secret });
const byCode = (secret = recoveryCode) => ({ kind: "recovery" as const, secret });
const stored = () => {
  if (server.vault === null) throw new Error("no vault");
  return server.vault;
};
const titles = (of: VaultSession = session) =>
  of
    .page(0, 100)
    .rows.map(({ title }) => title)
    .toSorted();
const flip = (bytes: Uint8Array) => bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1);

const loan = (number: number, more: Partial<Loan> = {}): Loan => ({
  loanId: `loan ${number}`,
  event: "checkout",
  day: "2026-02-01",
  due: null,
  recordId: String(number),
  title: `Title ${number}`,
  author: null,
  isbn: null,
  format: null,
  callNumber: null,
  subjects: [],
  ...more,
});

/** @returns the new recovery code. */
async function prepare(choice: Partial<AfreshChoice> = {}): Promise<string> {
  const prepared = await session.prepareAfresh({ present: byCode(), passphrase: next, ...choice });
  if (!prepared.ok) throw new Error(prepared.why);
  return prepared.recoveryCode;
}

beforeAll(async () => {
  const setUp = sessionOn(ready);
  const prepared = await setUp.prepareSetUp({ passphrase });
  if (!prepared.ok) throw new Error(prepared.why);
  recoveryCode = prepared.recoveryCode;
  await setUp.finishSetUp();
});

beforeEach(async () => {
  server = ready.copy();
  session = sessionOn(server);
  await server.report(loan(1));
  await session.unlock(byCode());
});

describe("starting afresh", () => {
  it("keeps every loan and removal, under keys of which none is an old one", async () => {
    await server.report(loan(2));
    await session.refresh();
    const removed = session.page(0, 9).rows.find(({ title }) => title === "Title 2");
    await session.removeEntry(removed?.id ?? "");
    await server.report(loan(3));
    const before = structuredClone(stored());
    const code = await prepare();
    expect(stored()).toEqual(before);
    expect(await session.finishAfresh()).toMatchObject({
      ok: true,
      overview: { total: 2, unsaved: false, slotsAltered: false, birthday: "2026-03-01" },
    });
    const after = stored();
    expect(after).toMatchObject({
      vaultId: before.vaultId,
      epoch: 2,
      sequence: before.sequence + 1,
      inbox: [],
    });
    expect(after.recipient).not.toBe(before.recipient);
    expect(after.signPublicKey).not.toEqual(before.signPublicKey);
    const ids = (vault: typeof before) => [...vault.slots, ...vault.chapters].map(({ id }) => id);
    expect(ids(after).filter((id) => ids(before).includes(id))).toEqual([]);
    expect(after.slots.map(({ kind }) => kind).toSorted()).toEqual(["passphrase", "recovery"]);

    await server.report(loan(2, { event: "return", day: "2026-02-20" }));
    await server.report(loan(3, { event: "return", day: "2026-02-20" }));
    for (const way of [byPassphrase(next), byCode(code)]) {
      const later = sessionOn(server);
      expect(await later.unlock(way)).toMatchObject({
        ok: true,
        trouble: null,
        overview: { total: 2, stillOut: 1, gap: false, unreadableInbox: 0, slotsAltered: false },
      });
      expect(titles(later)).toEqual(["Title 1", "Title 3"]);
    }
    expect(await sessionOn(server).unlock(byPassphrase())).toMatchObject({ why: "wrong-passphrase" });
    expect(await sessionOn(server).unlock(byCode())).toEqual({ ok: false, why: "wrong-recovery-code" });
  });

  it("goes on with the chain of manifests: the next one names the last of the old keys", async () => {
    await prepare();
    await session.finishAfresh();
    const words = session.overview()?.checkpointWords;
    expect(await session.refresh()).toMatchObject({ ok: true });
    await server.report(loan(2));
    expect(await session.refresh()).toMatchObject({ ok: true, overview: { total: 2, gap: false } });
    expect(session.overview()?.checkpointWords).not.toEqual(words);
    // A second time, with the passphrase that the first one brought.
    await prepare({ present: byPassphrase(next), passphrase: "a third passphrase of five words" });
    expect(await session.finishAfresh()).toMatchObject({ ok: true, overview: { total: 2 } });
    expect(stored().epoch).toBe(3);
  });

  it("asks for a present secret, and refuses a weak passphrase or the one that may have leaked", async () => {
    const ask = (choice: Partial<AfreshChoice>) =>
      session.prepareAfresh({ present: byCode(), passphrase: next, ...choice });
    expect(await ask({ passphrase: "secret" })).toEqual({ ok: false, why: "too-weak" });
    expect(await ask({ present: byPassphrase(), passphrase: ` ${passphrase.replace(" ", "  ")}` })).toEqual({
      ok: false,
      why: "same-passphrase",
    });
    expect(await ask({ present: byPassphrase("wrong words of a stranger") })).toMatchObject({
      why: "wrong-passphrase",
    });
    expect(await session.finishAfresh()).toEqual({ ok: false, why: "not-prepared" });
    session.lock();
    expect(await ask({})).toEqual({ ok: false, why: "locked" });
    expect(await session.finishAfresh()).toEqual({ ok: false, why: "locked" });
  });

  it("forgets what it prepared when locked", async () => {
    await prepare();
    session.lock();
    await session.unlock(byCode());
    expect(await session.finishAfresh()).toEqual({ ok: false, why: "not-prepared" });
    expect(stored().epoch).toBe(1);
  });

  it("that is locked while it seals sends nothing", async () => {
    await prepare();
    const running = session.finishAfresh((step) => {
      if (step === "saving") queueMicrotask(() => session.lock());
    });
    expect(await running).toEqual({ ok: false, why: "locked" });
    expect(stored().epoch).toBe(1);
  });

  it("takes in a loan that was sealed after it had looked, instead of losing it", async () => {
    await prepare();
    let reports = 0;
    server.beforeCommit = async () => {
      if (++reports < 3) await server.report(loan(10 + reports));
    };
    expect(await session.finishAfresh()).toMatchObject({ ok: true, overview: { total: 3 } });
    expect(titles()).toEqual(["Title 1", "Title 11", "Title 12"]);
    expect(reports).toBe(3);
  });

  it("takes in what another device saved and removed meanwhile", async () => {
    await server.report(loan(2));
    const other = sessionOn(server);
    await other.unlock(byCode());
    await prepare();
    server.beforeCommit = async () => {
      server.beforeCommit = null;
      await server.report(loan(3));
      await other.refresh();
      const gone = other.page(0, 9).rows.find(({ title }) => title === "Title 1");
      await other.removeEntry(gone?.id ?? "");
    };
    expect(await session.finishAfresh()).toMatchObject({ ok: true });
    expect(titles()).toEqual(["Title 2", "Title 3"]);
  });

  it("whose answer never arrived is recognised when it is finished again, with the loans that came since", async () => {
    const code = await prepare();
    server.unreachable = { call: "startAfresh", how: "lost" };
    expect(await session.finishAfresh()).toEqual({ ok: false, why: "offline" });
    expect(stored().epoch).toBe(2);
    server.unreachable = null;
    await server.report(loan(2));
    expect(await session.finishAfresh()).toMatchObject({ ok: true, overview: { total: 2 } });
    expect(stored()).toMatchObject({ epoch: 2, sequence: 3 });
    expect(await session.refresh()).toMatchObject({ ok: true, overview: { unsaved: false } });
    expect(await sessionOn(server).unlock(byCode(code))).toMatchObject({ ok: true, overview: { total: 2 } });
  });

  it("that never reached the server leaves the old vault, and is sent by trying again", async () => {
    await prepare();
    server.unreachable = { call: "startAfresh", how: "down" };
    expect(await session.finishAfresh()).toEqual({ ok: false, why: "offline" });
    expect(await sessionOn(server).unlock(byCode())).toMatchObject({ ok: true, overview: { total: 1 } });
    server.unreachable = null;
    expect(await session.finishAfresh()).toMatchObject({ ok: true });
  });

  it("makes its passphrase slot anew when the ticket went stale, and the code on paper stays good", async () => {
    const code = await prepare();
    server.dropTickets();
    expect(await session.finishAfresh()).toMatchObject({ ok: true });
    expect(await sessionOn(server).unlock(byCode(code))).toMatchObject({ ok: true });
    expect(await sessionOn(server).unlock(byPassphrase(next))).toMatchObject({ ok: true });
  });

  it("gives up what no key will open: lost chapters and rows that do not open are not carried on", async () => {
    await server.report(loan(2));
    await session.refresh();
    await server.report(loan(3));
    const [chapter] = stored().chapters;
    const [row] = stored().inbox;
    if (chapter === undefined || row === undefined) throw new Error("a chapter and a row");
    chapter.blob = flip(chapter.blob);
    row.sealed = flip(row.sealed);
    session.lock();
    expect(await session.unlock(byCode())).toMatchObject({
      overview: { total: 0, lost: { entries: 2 }, unreadableInbox: 1 },
    });
    await prepare();
    expect(await session.finishAfresh()).toMatchObject({
      overview: { total: 0, lost: { chapters: 0 }, unreadableInbox: 0 },
    });
    expect(stored()).toMatchObject({ inbox: [], chapters: [] });
  });

  it("is not sent while more would be given up than its reader was told of", async () => {
    const reportDamaged = async (number: number) => {
      const sealed = await server.report(loan(number));
      const row = stored().inbox.find((one) => one.sealed === sealed);
      if (row === undefined) throw new Error("a row");
      row.sealed = flip(sealed);
      return () => {
        row.sealed = sealed;
      };
    };
    const restoreFirst = await reportDamaged(2);
    const choice = { present: byCode(), passphrase: next };
    expect(await session.prepareAfresh(choice)).toEqual({ ok: false, why: "damaged" });
    expect(session.overview()).toMatchObject({ unreadableInbox: 1 });
    await prepare();
    const restoreLast = await reportDamaged(3);
    expect(await session.finishAfresh()).toEqual({ ok: false, why: "damaged" });
    expect(stored().epoch).toBe(1);
    restoreFirst();
    restoreLast();
    expect(await session.finishAfresh()).toMatchObject({ ok: true, overview: { total: 3 } });
  });

  it("of a vault that no request can carry is refused before a code is shown, and nothing is changed", async () => {
    const [chapter] = stored().chapters;
    if (chapter === undefined) throw new Error("a chapter");
    server.vault = {
      ...stored(),
      chapters: [chapter, { ...chapter, id: "x", blob: new Uint8Array(maxAfreshChapterBytes) }],
    };
    expect(await session.prepareAfresh({ present: byCode(), passphrase: next })).toEqual({
      ok: false,
      why: "too-large",
    });
    expect(stored().epoch).toBe(1);
  });

  it("carries a hundred thousand loans in one request, with room to spare", async () => {
    await fill(100_000);
    await session.unlock(byCode());
    await prepare();
    let sent: Afresh | null = null;
    const take = server.startAfresh.bind(server);
    server.startAfresh = (afresh) => {
      sent = afresh;
      return take(afresh);
    };
    expect(await session.finishAfresh()).toMatchObject({ ok: true, overview: { total: 100_001 } });
    const bytes = base64Bytes(sent);
    expect(bytes).toBeLessThan(24 * 1024 * 1024);
    expect(await sessionOn(server).unlock(byPassphrase(next))).toMatchObject({
      ok: true,
      overview: { total: 100_001, lost: { chapters: 0 } },
    });
  }, 60_000);
});

describe("another device, open under the old keys", () => {
  let other: VaultSession;
  beforeEach(async () => {
    other = sessionOn(server);
    await other.unlock(byCode());
    await prepare();
    expect(await session.finishAfresh()).toMatchObject({ ok: true });
  });

  it("is told that the vault was started afresh, whatever it asks, and keeps what it shows", async () => {
    expect(await other.refresh()).toEqual({ ok: false, why: "started-afresh" });
    const row = other.page(0, 1).rows[0];
    expect(await other.removeEntry(row?.id ?? "")).toEqual({ ok: false, why: "started-afresh" });
    expect(await other.prepareKeyChange({ kind: "recovery", present: byCode() })).toEqual({
      ok: false,
      why: "started-afresh",
    });
    expect(await other.prepareAfresh({ present: byCode(), passphrase: next })).toEqual({
      ok: false,
      why: "started-afresh",
    });
    expect(stored()).toMatchObject({ epoch: 2, sequence: 3 });
  });

  it("that prepared a change of keys, or a fresh start of its own, cannot finish it", async () => {
    server = ready.copy();
    session = sessionOn(server);
    await session.unlock(byCode());
    const second = sessionOn(server);
    await second.unlock(byCode());
    expect(await second.prepareAfresh({ present: byCode(), passphrase: `${next} again` })).toMatchObject({
      ok: true,
    });
    await prepare();
    await session.finishAfresh();
    const before = structuredClone(stored());
    expect(await second.finishAfresh()).toEqual({ ok: false, why: "started-afresh" });
    expect(stored()).toEqual(before);
  });

  it("is not taken in by the old vault brought back under the new keys' eyes", async () => {
    const now = structuredClone(stored());
    server.vault = structuredClone(ready.vault);
    expect(await session.refresh()).toEqual({ ok: false, why: "rolled-back" });
    server.vault = { ...now, epoch: 1 };
    expect(await session.refresh()).toEqual({ ok: false, why: "rolled-back" });
    server.vault = { ...now, epoch: 3 };
    expect(await session.refresh()).not.toMatchObject({ ok: true, overview: { epoch: 3 } });
    expect(titles()).toEqual(["Title 1"]);
  });
});

const wordList = list.words.split(" ");

/** Puts returned loans into the vault by its own key, as that many unlockings would have. */
async function fill(loans: number): Promise<void> {
  const found = unlockByRecoveryCode(stored(), recoveryCode);
  if (!found.ok) throw new Error(found.why);
  const keys = await deriveVaultKeys(found.rootKey, stored().vaultId, stored().epoch);
  const read = await openVault(stored(), keys);
  if (!read.ok) throw new Error(read.why);
  const word = (of: number) => wordList[(of * 7919 + (of >> 5)) % wordList.length];
  for (let number = 0; number < loans; number += 1) {
    read.opened.shelf.merge({
      id: newUuid(secureRandom).slice(0, 22),
      recordId: `${(number * 31) % 60_000}`,
      title: `The ${word(number)} ${word(number * 3)} of ${word(number * 5)}`,
      author: `${word(number * 11)}, ${word(number * 13)}`,
      isbn: `978${1_000_000_000 + ((number * 104_729) % 8_999_999_999)}`,
      format: "book",
      callNumber: null,
      subjects: [],
      outOn: "2026-01-01",
      dueOn: null,
      returnedOn: "2026-01-20",
      renewals: [],
    });
  }
  const { commit } = await planCommit(read.opened, keys, secureRandom, null);
  expect(await server.commitVault(commit)).toEqual({ ok: true });
}

const base64Bytes = (value: unknown): number =>
  JSON.stringify(value, (_, part) => (part instanceof Uint8Array ? toB64(part) : part)).length;
