import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { secureRandom } from "../random-bytes";
import { newSigningKey } from "../signature";
import type { UnlockStep, VaultSession } from "../unlocked-history";
import { type Loan, TrialServer } from "./trial-server";
import { openVaultSession } from "./vault-session";

const passphrase = "correct horse battery staple";
const today = () => "2026-03-01";

const loan = (number: number, more: Partial<Loan> = {}): Loan => ({
  loanId: `loan ${number}`,
  event: "checkout",
  day: "2026-02-01",
  due: "2026-02-22",
  recordId: String(number),
  title: `Title ${number}`,
  author: null,
  isbn: null,
  format: "book",
  callNumber: null,
  subjects: [],
  ...more,
});

const sessionOn = (server: TrialServer): VaultSession =>
  openVaultSession({ server, random: secureRandom, today });

const ready = new TrialServer();
let recoveryCode: string;
let server: TrialServer;
let session: VaultSession;

/** The unlocking that needs no stretching: most tests are about what comes after. */
const byCode = (secret = recoveryCode) => ({ kind: "recovery" as const, secret });
const titles = (of: VaultSession = session) => of.page(0, 100).rows.map((row) => row.title);
const stored = () => {
  if (server.vault === null) throw new Error("no vault");
  return server.vault;
};
const flip = (bytes: Uint8Array, at = bytes.length >> 1) => {
  const flipped = Uint8Array.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
};

beforeAll(async () => {
  const setUp = sessionOn(ready);
  const prepared = await setUp.prepareSetUp({ passphrase });
  if (!prepared.ok) throw new Error(prepared.why);
  recoveryCode = prepared.recoveryCode;
  await setUp.finishSetUp();
  // The day of each way's use is noted already, so that an unlocking with nothing new saves nothing.
  await sessionOn(ready).unlock(byCode());
  await sessionOn(ready).unlock({ kind: "passphrase", secret: passphrase });
  ready.commits = 0;
  ready.refills = 0;
});

beforeEach(async () => {
  server = ready.copy();
  session = sessionOn(server);
  await session.unlock(byCode());
});

describe("setting up", () => {
  it("stores nothing before it is finished, and is unlocked afterwards", async () => {
    const fresh = new TrialServer();
    const other = sessionOn(fresh);
    expect(await other.finishSetUp()).toEqual({ ok: false, why: "not-prepared" });
    const steps: UnlockStep[] = [];
    const prepared = await other.prepareSetUp({ passphrase }, (step) => steps.push(step));
    expect(prepared).toMatchObject({ ok: true });
    expect(steps).toEqual(["stretching", "asking"]);
    expect(fresh.vault).toBeNull();
    expect(other.overview()).toBeNull();
    expect(await other.finishSetUp()).toMatchObject({
      ok: true,
      overview: { total: 0, stillOut: 0, birthday: "2026-03-01", unsaved: false, slotsAltered: false },
    });
    expect(fresh.vault?.slots.map((slot) => slot.kind)).toEqual(["passphrase", "recovery"]);
  });

  it("refuses weak passphrases and the card number before anything is asked", async () => {
    const fresh = new TrialServer();
    fresh.unreachable = { call: "prepareOprf", how: "down" };
    const other = sessionOn(fresh);
    const cardNumber = "23529000000001";
    expect(await other.prepareSetUp({ passphrase: cardNumber, cardNumber })).toEqual({
      ok: false,
      why: "card-number",
    });
    expect(await other.prepareSetUp({ passphrase: "secret" })).toEqual({ ok: false, why: "too-weak" });
    expect(await other.prepareSetUp({ passphrase })).toEqual({ ok: false, why: "offline" });
  });

  it("that lost the server's answer is finished by trying again", async () => {
    const fresh = new TrialServer();
    const other = sessionOn(fresh);
    await other.prepareSetUp({ passphrase });
    fresh.unreachable = { call: "createVault", how: "lost" };
    expect(await other.finishSetUp()).toEqual({ ok: false, why: "offline" });
    fresh.unreachable = null;
    expect(await other.finishSetUp()).toMatchObject({ ok: true });
  });

  it("that spans the destruction of the day's master is finished all the same, with the code that was shown", async () => {
    const fresh = new TrialServer();
    const other = sessionOn(fresh);
    const prepared = await other.prepareSetUp({ passphrase });
    fresh.dropTickets();
    expect(await other.finishSetUp()).toMatchObject({ ok: true, overview: { slotsAltered: false } });
    const later = sessionOn(fresh);
    expect(await later.unlock(byCode(prepared.ok ? prepared.recoveryCode : ""))).toMatchObject({ ok: true });
    expect(await later.unlock({ kind: "passphrase", secret: passphrase })).toMatchObject({ ok: true });
  });

  it("whose server has no ticket that holds gives up after one more, and can be tried again", async () => {
    const fresh = new TrialServer();
    const other = sessionOn(fresh);
    await other.prepareSetUp({ passphrase });
    const prepareOprf = fresh.prepareOprf.bind(fresh);
    let asked = 0;
    fresh.prepareOprf = async (...question) => {
      asked += 1;
      const answer = await prepareOprf(...question);
      fresh.dropTickets();
      return answer;
    };
    fresh.dropTickets();
    expect(await other.finishSetUp()).toEqual({ ok: false, why: "refused" });
    expect(asked).toBe(1);
    fresh.prepareOprf = prepareOprf;
    fresh.unreachable = { call: "prepareOprf", how: "down" };
    expect(await other.finishSetUp()).toEqual({ ok: false, why: "offline" });
    fresh.unreachable = null;
    expect(await other.finishSetUp()).toMatchObject({ ok: true });
  });

  it("never replaces a vault that exists", async () => {
    const other = sessionOn(server);
    await other.prepareSetUp({ passphrase });
    const before = structuredClone(stored());
    expect(await other.finishSetUp()).toEqual({ ok: false, why: "exists" });
    expect(stored()).toEqual(before);
  });
});

describe("unlocking", () => {
  it("by passphrase opens and merges the inbox, refills the guesses, and saves", async () => {
    session.lock();
    await server.report(loan(1));
    await server.report(loan(2, { day: "2026-02-05" }));
    await server.report(loan(1, { event: "renewal", day: "2026-02-20", due: "2026-03-15" }));
    await server.report(loan(1, { event: "return", day: "2026-02-28", due: null }));
    await server.report(loan(2, { day: "2026-02-05" }));
    const steps: UnlockStep[] = [];
    const outcome = await session.unlock({ kind: "passphrase", secret: `  ${passphrase} ` }, (step) =>
      steps.push(step),
    );
    expect(outcome).toMatchObject({
      ok: true,
      overview: { total: 2, stillOut: 1, gap: false, unsaved: false, unreadableInbox: 0 },
    });
    expect(steps).toEqual(["fetching", "stretching", "asking", "opening", "merging", "saving"]);
    expect(server).toMatchObject({ refills: 1, guessesLeft: 10, commits: 1 });
    expect(stored().inbox).toEqual([]);
    expect(session.page(1, 5)).toEqual({
      total: 2,
      rows: [
        expect.objectContaining({
          title: "Title 1",
          outOn: "2026-02-01",
          dueOn: "2026-03-15",
          returnedOn: "2026-02-28",
          renewals: ["2026-02-20"],
        }),
      ],
    });
    expect(structuredClone(session.page(0, 9))).toEqual(session.page(0, 9));
  });

  it("by recovery code, typed forgivingly, opens the same history", async () => {
    await server.report(loan(1));
    await session.unlock(byCode());
    const other = sessionOn(server);
    expect(await other.unlock(byCode(recoveryCode.toLowerCase().replaceAll("-", " ")))).toMatchObject({
      ok: true,
    });
    expect(titles(other)).toEqual(["Title 1"]);
    expect(other.overview()?.checkpointWords).toEqual(session.overview()?.checkpointWords);
  });

  it("with a wrong passphrase says how many guesses are left, until there are none", async () => {
    server.guessesLeft = 2;
    const wrong = { kind: "passphrase" as const, secret: "incorrect horse battery staple" };
    expect(await session.unlock(wrong)).toEqual({ ok: false, why: "wrong-passphrase", guessesLeft: 1 });
    expect(session.overview()).toBeNull();
    expect(await session.unlock(wrong)).toEqual({ ok: false, why: "wrong-passphrase", guessesLeft: 0 });
    expect(await session.unlock({ ...wrong, secret: passphrase })).toEqual({
      ok: false,
      why: "no-guesses",
      retryAfterSeconds: 360,
    });
    expect(server.refills).toBe(0);
    expect(await session.unlock(byCode())).toMatchObject({ ok: true });
  });

  it("tells a misread recovery code from a wrong one", async () => {
    const misread = recoveryCode.startsWith("7") ? `8${recoveryCode.slice(1)}` : `7${recoveryCode.slice(1)}`;
    expect(await session.unlock(byCode(misread))).toEqual({ ok: false, why: "misread-recovery-code" });
    const other = await sessionOn(new TrialServer()).prepareSetUp({ passphrase });
    if (!other.ok) throw new Error(other.why);
    expect(await session.unlock(byCode(other.recoveryCode))).toEqual({
      ok: false,
      why: "wrong-recovery-code",
    });
  });

  it("says what is in the way: no vault, no network, a later version", async () => {
    expect(await sessionOn(new TrialServer()).unlock(byCode())).toEqual({ ok: false, why: "no-vault" });
    server.unreachable = { call: "fetchVault", how: "down" };
    expect(await session.unlock(byCode())).toEqual({ ok: false, why: "offline" });
    server.unreachable = null;
    const { manifest, slots } = stored();
    stored().manifest = Uint8Array.of(2, ...manifest.subarray(1));
    expect(await session.unlock(byCode())).toEqual({ ok: false, why: "unknown-version" });
    stored().manifest = manifest;
    stored().slots = slots.map((slot) => ({ ...slot, blob: Uint8Array.of(2, ...slot.blob.subarray(1)) }));
    expect(await session.unlock(byCode())).toEqual({ ok: false, why: "unknown-version" });
    expect(await session.unlock({ kind: "passphrase", secret: passphrase })).toEqual({
      ok: false,
      why: "unknown-version",
    });
    expect(server.guessesLeft).toBe(10);
  });

  it("runs one call after another, and a lock in between wins", async () => {
    const unlocking = session.unlock(byCode());
    session.lock();
    expect((await unlocking).ok).toBe(true);
    const running = session.unlock(byCode(), (step) => {
      if (step === "opening") session.lock();
    });
    expect(await running).toEqual({ ok: false, why: "locked" });
    expect(session.overview()).toBeNull();
  });
});

describe("saving what was just opened", () => {
  /** What the server shows when the first save conflicts. */
  const meets = async (turn: () => void) => {
    await server.report(loan(1));
    session.lock();
    server.beforeCommit = async () => {
      server.beforeCommit = null;
      turn();
    };
    const outcome = await session.unlock(byCode());
    return outcome.ok ? outcome.trouble : outcome.why;
  };

  it("opens the history and says that the server showed an older one, or one with other keys", async () => {
    const young = structuredClone(stored());
    await server.report(loan(2));
    await session.refresh();
    expect(await meets(() => Object.assign(server, { vault: structuredClone(young) }))).toBe("rolled-back");
    expect(titles().toSorted()).toEqual(["Title 1", "Title 2"]);
    expect(session.overview()).toMatchObject({ unsaved: true });
    server.vault = structuredClone(young);
    const swap = () => {
      server.commitVault = async () => ({ ok: false, why: "conflict" });
      stored().signPublicKey = flip(stored().signPublicKey);
    };
    server.commitVault = async () => {
      swap();
      return { ok: false, why: "conflict" };
    };
    session.lock();
    await server.report(loan(3));
    expect(await session.unlock(byCode())).toMatchObject({ ok: true, trouble: "substituted" });
  });

  it("opens nothing when another device has just started afresh", async () => {
    const other = sessionOn(server);
    await other.unlock(byCode());
    await other.prepareAfresh({ present: byCode(), passphrase: "entirely different set of words" });
    await server.report(loan(1));
    session.lock();
    server.beforeCommit = async () => {
      server.beforeCommit = null;
      expect(await other.finishAfresh()).toMatchObject({ ok: true });
    };
    expect(await session.unlock(byCode())).toEqual({ ok: false, why: "started-afresh" });
    expect(session.overview()).toBeNull();
  });

  it("is no trouble when all is well, or when the server is merely out of reach", async () => {
    expect(await session.unlock(byCode())).toMatchObject({ ok: true, trouble: null });
    await server.report(loan(1));
    server.unreachable = { call: "commitVault", how: "down" };
    expect(await session.unlock(byCode())).toMatchObject({ trouble: null, overview: { unsaved: true } });
  });
});

describe("a vault that the server cannot open its layer of", () => {
  const damaged = async () => ({ ok: false as const, why: "damaged" as const });

  it("says so before anything is stretched or guessed", async () => {
    server.fetchVault = damaged;
    const steps: UnlockStep[] = [];
    const way = { kind: "passphrase" as const, secret: passphrase };
    expect(await session.unlock(way, (step) => steps.push(step))).toEqual({
      ok: false,
      why: "vault-damaged",
    });
    expect([steps, server.guessesLeft]).toEqual([["fetching"], 10]);
  });

  it("leaves an open history on the screen", async () => {
    await server.report(loan(1));
    await session.refresh();
    server.fetchVault = damaged;
    expect(await session.refresh()).toEqual({ ok: false, why: "damaged" });
    expect(titles()).toEqual(["Title 1"]);
  });
});

describe("a server that turned", () => {
  it("cannot swap the recipient or the signing key", async () => {
    const other = new TrialServer();
    await sessionOn(other).prepareSetUp({ passphrase });
    const { recipient, signPublicKey } = stored();
    stored().recipient = recipient.replace(/.$/, (last) => (last === "q" ? "p" : "q"));
    expect(await session.unlock(byCode())).toEqual({ ok: false, why: "substituted" });
    stored().recipient = recipient;
    stored().signPublicKey = flip(signPublicKey);
    expect(await session.unlock(byCode())).toEqual({ ok: false, why: "substituted" });
  });

  it("cannot pass one vault off as another, whole or in parts", async () => {
    await server.report(loan(1));
    await session.unlock(byCode());
    const other = new TrialServer();
    const theirs = sessionOn(other);
    await theirs.prepareSetUp({ passphrase });
    await theirs.finishSetUp();
    const mine = structuredClone(stored());
    if (other.vault === null) throw new Error("no vault");
    const foreign = other.vault;
    const outcomes: string[] = [];
    for (const swapped of [
      { vaultId: foreign.vaultId },
      { epoch: 2 },
      { slots: foreign.slots },
      { manifest: foreign.manifest },
      { recipient: foreign.recipient },
      { sequence: mine.sequence + 1 },
    ]) {
      server.vault = { ...structuredClone(mine), ...swapped };
      const outcome = await session.unlock(byCode());
      outcomes.push(outcome.ok ? "opened" : outcome.why);
    }
    expect(outcomes).toEqual([
      "wrong-recovery-code",
      "wrong-recovery-code",
      "wrong-recovery-code",
      "damaged",
      "substituted",
      "damaged",
    ]);
  });

  it("cannot slip in an entry: it is counted, kept on the server and not believed", async () => {
    const { intakeKey } = server;
    Object.assign(server, { intakeKey: newSigningKey(secureRandom) });
    await server.report(loan(66));
    Object.assign(server, { intakeKey });
    await server.report(loan(1));
    expect(await session.unlock(byCode())).toMatchObject({
      ok: true,
      overview: { total: 1, unreadableInbox: 1 },
    });
    expect(stored().inbox).toHaveLength(1);
  });

  it("cannot drop an entry unseen", async () => {
    await server.report(loan(1));
    await server.report(loan(2));
    stored().inbox = stored().inbox.filter((_, index) => index === 0);
    await server.report(loan(3));
    expect(await session.unlock(byCode())).toMatchObject({ ok: true, overview: { total: 2, gap: true } });
  });

  it("cannot turn an open vault back", async () => {
    const old = structuredClone(stored());
    await server.report(loan(1));
    await session.unlock(byCode());
    const words = session.overview()?.checkpointWords;
    const current = server.vault;
    server.vault = old;
    expect(await session.refresh()).toEqual({ ok: false, why: "rolled-back" });
    expect(titles()).toEqual(["Title 1"]);
    expect(session.overview()?.checkpointWords).toEqual(words);
    server.vault = current;
    expect(await session.refresh()).toMatchObject({ ok: true });
  });

  it("cannot lead two devices apart and then show one what the other saved", async () => {
    const old = structuredClone(stored());
    await server.report(loan(1));
    await session.refresh();
    server.vault = old;
    const rival = sessionOn(server);
    await server.report(loan(2));
    await rival.unlock(byCode());
    await server.report(loan(3));
    await rival.refresh();
    expect(stored().sequence).toBe(5);
    expect(await session.refresh()).toEqual({ ok: false, why: "rolled-back" });
    expect(titles()).toEqual(["Title 1"]);
  });

  it("cannot bring back an old slot unseen", async () => {
    const [first, second] = stored().slots;
    if (first === undefined || second === undefined) throw new Error("two slots");
    stored().slots = [{ ...first, blob: flip(first.blob) }, second];
    expect(await session.unlock(byCode())).toMatchObject({ ok: true, overview: { slotsAltered: true } });
  });
});

describe("damage", () => {
  it("of one chapter costs that chapter only, says how many entries, and keeps the bytes", async () => {
    await server.report(loan(1));
    await session.unlock(byCode());
    const [chapter] = stored().chapters;
    if (chapter === undefined) throw new Error("a chapter");
    const intact = chapter.blob;
    chapter.blob = flip(intact);
    await server.report(loan(2));
    expect(await session.unlock(byCode())).toMatchObject({
      ok: true,
      overview: { total: 1, lost: { chapters: 1, entries: 1 }, unsaved: false },
    });
    expect(titles()).toEqual(["Title 2"]);
    const kept = stored().chapters.find((one) => one.id === chapter.id);
    if (kept === undefined) throw new Error("the damaged chapter must stay");
    kept.blob = intact;
    expect(await session.unlock(byCode())).toMatchObject({
      ok: true,
      overview: { total: 2, lost: { chapters: 0 } },
    });
  });

  it("of a chapter put back to an older revision is noticed", async () => {
    await server.report(loan(1));
    await session.unlock(byCode());
    const old = structuredClone(stored().chapters);
    await server.report(loan(2));
    await session.unlock(byCode());
    stored().chapters = old;
    expect(await session.unlock(byCode())).toMatchObject({
      ok: true,
      overview: { total: 0, lost: { chapters: 1, entries: 2 } },
    });
  });

  it("of a chapter put in place of another device's, which lost the race, is noticed", async () => {
    const rival = sessionOn(server);
    await rival.unlock(byCode());
    await server.report(loan(1));
    await rival.refresh();
    await server.report(loan(2));
    server.beforeCommit = async () => {
      server.beforeCommit = null;
      await server.report(loan(3));
      await rival.refresh();
    };
    await session.unlock(byCode());
    const beaten = server.arrived.findLast((commit) => commit.previousSequence === 4);
    const [lost] = beaten?.chapters ?? [];
    const [kept] = stored().chapters;
    expect([lost?.id, lost?.revision]).toEqual([kept?.id, kept?.revision]);
    if (lost !== undefined) stored().chapters = [lost];
    expect(await session.unlock(byCode())).toMatchObject({
      ok: true,
      overview: { total: 0, lost: { entries: 3 } },
    });
  });

  it("of the manifest says what still opens, and changes nothing", async () => {
    await server.report(loan(1));
    await session.unlock(byCode());
    await server.report(loan(2));
    stored().manifest = flip(stored().manifest);
    const before = structuredClone(stored());
    expect(await session.unlock(byCode())).toEqual({
      ok: false,
      why: "damaged",
      readable: { chapters: 1, entries: 1 },
      waiting: 1,
    });
    expect(stored()).toEqual(before);
  });

  it("of an inbox row leaves it where it is", async () => {
    await server.report(loan(1));
    const [row] = stored().inbox;
    if (row === undefined) throw new Error("a row");
    row.sealed = flip(row.sealed);
    await server.report(loan(2));
    expect(await session.unlock(byCode())).toMatchObject({
      ok: true,
      overview: { total: 1, unreadableInbox: 1 },
    });
    expect(stored().inbox.map((one) => one.id)).toEqual([row.id]);
  });
});

describe("saving", () => {
  it("that fails leaves the entries shown, and the next refresh saves them", async () => {
    await server.report(loan(1));
    server.unreachable = { call: "commitVault", how: "down" };
    expect(await session.unlock(byCode())).toMatchObject({ ok: true, overview: { total: 1, unsaved: true } });
    expect(stored().inbox).toHaveLength(1);
    server.unreachable = null;
    expect(await session.refresh()).toMatchObject({ ok: true, overview: { total: 1, unsaved: false } });
    expect(stored().inbox).toEqual([]);
  });

  it("whose answer was lost is neither doubled nor lost", async () => {
    await server.report(loan(1));
    server.unreachable = { call: "commitVault", how: "lost" };
    expect(await session.unlock(byCode())).toMatchObject({ ok: true, overview: { unsaved: true } });
    server.unreachable = null;
    expect(await session.refresh()).toMatchObject({ ok: true, overview: { total: 1, unsaved: false } });
    expect(titles()).toEqual(["Title 1"]);
  });

  it("merges with what another device saved in between", async () => {
    const other = sessionOn(server);
    await other.unlock(byCode());
    await server.report(loan(1));
    await server.report(loan(2, { day: "2026-02-02" }));
    server.beforeCommit = async () => {
      server.beforeCommit = null;
      await other.refresh();
      await server.report(loan(3, { day: "2026-02-03" }));
      const last = other.page(0, 1).rows[0];
      if (last !== undefined) await other.removeEntry(last.id);
    };
    expect(await session.unlock(byCode())).toMatchObject({
      ok: true,
      overview: { total: 2, unsaved: false },
    });
    expect(titles()).toEqual(["Title 3", "Title 1"]);
    await other.refresh();
    expect(titles(other)).toEqual(["Title 3", "Title 1"]);
  });

  it("gives up after several conflicts, and shows everything all the same", async () => {
    await server.report(loan(1));
    let turn = 0;
    const rival = sessionOn(server);
    await rival.unlock(byCode());
    server.beforeCommit = async () => {
      const hook = server.beforeCommit;
      server.beforeCommit = null;
      turn += 1;
      await server.report(loan(100 + turn));
      await rival.refresh();
      await server.report(loan(200 + turn));
      server.beforeCommit = hook;
    };
    await server.report(loan(2));
    const outcome = await session.unlock(byCode());
    expect(outcome).toMatchObject({ ok: true, overview: { unsaved: true } });
    expect(turn).toBe(5);
    server.beforeCommit = null;
    expect(await session.refresh()).toMatchObject({ ok: true, overview: { total: 12, unsaved: false } });
  });

  it("commits nothing when nothing is new", async () => {
    await session.unlock(byCode());
    await session.refresh();
    expect(server.commits).toBe(0);
  });

  it("sends nothing sealed with keys that a lock has overwritten", async () => {
    await session.unlock(byCode());
    await server.report(loan(1));
    const refreshing = session.refresh((step) => {
      if (step === "saving") queueMicrotask(() => session.lock());
    });
    expect(await refreshing).toEqual({ ok: false, why: "locked" });
    expect(server.arrived).toEqual([]);
    expect(await session.unlock(byCode())).toMatchObject({ ok: true, overview: { total: 1 } });
  });
});

describe("removing an entry", () => {
  it("rewrites its chapter, and a repeated event does not bring it back", async () => {
    await server.report(loan(1));
    await server.report(loan(2));
    await session.unlock(byCode());
    const gone = session.page(0, 9).rows.find((row) => row.title === "Title 1");
    if (gone === undefined) throw new Error("an entry");
    const [before] = structuredClone(stored().chapters);
    expect(await session.removeEntry(gone.id)).toMatchObject({
      ok: true,
      overview: { total: 1, unsaved: false },
    });
    const [after] = stored().chapters;
    expect(after?.id).toBe(before?.id);
    expect(after?.revision).toBe(2);
    await server.report(loan(1, { event: "return", day: "2026-02-27" }));
    await session.refresh();
    expect(titles()).toEqual(["Title 2"]);
    session.lock();
    await session.unlock(byCode());
    expect(titles()).toEqual(["Title 2"]);
    expect(stored().inbox).toEqual([]);
    expect(await session.removeEntry(gone.id)).toEqual({ ok: false, why: "no-such-entry" });
  });

  it("while offline is done here at once, and on the server at the next refresh", async () => {
    await server.report(loan(1));
    await session.unlock(byCode());
    const id = session.page(0, 1).rows[0]?.id ?? "";
    server.unreachable = { call: "commitVault", how: "down" };
    expect(await session.removeEntry(id)).toMatchObject({ ok: true, overview: { total: 0, unsaved: true } });
    server.unreachable = null;
    const other = sessionOn(server);
    await server.report(loan(2));
    await other.unlock(byCode());
    expect(await session.refresh()).toMatchObject({ ok: true, overview: { total: 1, unsaved: false } });
    expect(titles()).toEqual(["Title 2"]);
  });
});

describe("locking", () => {
  it("forgets everything", async () => {
    await server.report(loan(1));
    await session.unlock(byCode());
    expect(session.exportJson()).toContain("Title 1");
    expect(session.exportCsv()).toContain("Title 1");
    session.lock();
    expect(session.overview()).toBeNull();
    expect(session.page(0, 10)).toEqual({ total: 0, rows: [] });
    expect([session.exportJson(), session.exportCsv()]).toEqual([null, null]);
    expect(await session.refresh()).toEqual({ ok: false, why: "locked" });
    expect(await session.removeEntry("any")).toEqual({ ok: false, why: "locked" });
  });
});
