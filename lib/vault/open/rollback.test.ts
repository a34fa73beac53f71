import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { secureRandom } from "../random-bytes";
import type { VaultSession } from "../unlocked-history";
import type { DeviceCopy, DeviceMemory } from "../vault-contents";
import { type Loan, TrialServer } from "./trial-server";
import { openVaultSession } from "./vault-session";

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

class TrialMemory implements DeviceMemory {
  copies = new Map<string, DeviceCopy>();
  full = false;
  async recall(vaultId: string) {
    return structuredClone(this.copies.get(vaultId) ?? null);
  }
  async keep(copy: DeviceCopy) {
    if (!this.full) this.copies.set(copy.vaultId, structuredClone(copy));
    return !this.full;
  }
  async update(copy: DeviceCopy) {
    const kept = this.copies.get(copy.vaultId);
    if (kept && kept.sequence <= copy.sequence) this.copies.set(copy.vaultId, structuredClone(copy));
  }
  async forget(vaultId: string) {
    this.copies.delete(vaultId);
  }
}

const ready = new TrialServer();
let recoveryCode: string;
let server: TrialServer;
let memory: TrialMemory;
let session: VaultSession;
let vaultId: string;

const deviceOn = (own: DeviceMemory) =>
  openVaultSession({ server, random: secureRandom, today, memory: own });
const open = (device: VaultSession = session) =>
  device.unlock({ kind: "recovery", secret: recoveryCode }, undefined, vaultId);
const titles = (device: VaultSession = session) =>
  device
    .page(0, 100)
    .rows.map((row) => row.title)
    .sort();
const stored = () => {
  if (server.vault === null) throw new Error("no vault");
  return server.vault;
};
const kept = () => {
  const copy = memory.copies.get(vaultId);
  if (copy === undefined) throw new Error("no copy");
  return copy;
};

beforeAll(async () => {
  const setUp = openVaultSession({ server: ready, random: secureRandom, today });
  const prepared = await setUp.prepareSetUp({ passphrase: "correct horse battery staple" });
  if (!prepared.ok) throw new Error(prepared.why);
  recoveryCode = prepared.recoveryCode;
  await setUp.finishSetUp();
  vaultId = ready.vault?.vaultId ?? "";
});

beforeEach(async () => {
  server = ready.copy();
  memory = new TrialMemory();
  session = deviceOn(memory);
  for (const number of [1, 2]) await server.report(loan(number));
  await open();
});

describe("a device that is its reader's own", () => {
  it("keeps nothing unless it is asked to, and nothing that unlocks", async () => {
    expect(memory.copies.size).toBe(0);
    expect(await session.keepOnDevice()).toMatchObject({ ok: true, overview: { ownDevice: true } });
    expect(Object.keys(kept()).sort()).toEqual([
      "chapters",
      "epoch",
      "manifest",
      "manifestHash",
      "sequence",
      "vaultId",
    ]);
    expect(kept()).toMatchObject({ sequence: stored().sequence, manifest: stored().manifest });
    const bytes = JSON.stringify(kept(), (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
    );
    for (const { blob } of stored().slots) expect(bytes).not.toContain(Buffer.from(blob).toString("latin1"));
    expect(bytes).not.toContain("Title");
  });

  it("says when the browser keeps nothing", async () => {
    memory.full = true;
    expect(await session.keepOnDevice()).toEqual({ ok: false, why: "not-stored" });
    expect(session.overview()?.ownDevice).toBe(false);
  });

  it("fetches only what has changed, and keeps that too", async () => {
    await session.keepOnDevice();
    const again = deviceOn(memory);
    await open(again);
    expect(server.unchanged).toEqual(stored().chapters.map(({ id }) => id));
    expect(titles(again)).toEqual(["Title 1", "Title 2"]);
    const elsewhere = deviceOn(new TrialMemory());
    await server.report(loan(3));
    await open(elsewhere);
    expect(await open(again)).toMatchObject({ ok: true, overview: { rollback: null, ownDevice: true } });
    expect(server.unchanged).toEqual([]);
    expect(titles(again)).toEqual(["Title 1", "Title 2", "Title 3"]);
    await again.refresh();
    expect(kept().sequence).toBe(stored().sequence);
  });

  it("fetches a chapter again that was damaged on the device", async () => {
    await session.keepOnDevice();
    for (const chapter of kept().chapters)
      chapter.blob = chapter.blob.with(100, 1 ^ (chapter.blob[100] ?? 0));
    const again = deviceOn(memory);
    expect(await open(again)).toMatchObject({
      ok: true,
      overview: { total: 2, rollback: null, lost: { chapters: 0 } },
    });
    expect(server.unchanged).toEqual([]);
  });

  it("never takes a chapter from the device on the server's word alone", async () => {
    await session.keepOnDevice();
    await server.report(loan(3));
    await open(deviceOn(new TrialMemory()));
    const [chapter] = stored().chapters;
    if (chapter === undefined) throw new Error("a chapter");
    const again = openVaultSession({
      random: secureRandom,
      today,
      memory,
      server: Object.assign(Object.create(server), {
        fetchVault: async () => ({
          ok: true,
          vault: { ...structuredClone(stored()), chapters: [] },
          unchanged: [chapter.id],
        }),
      }),
    });
    expect(await open(again)).toMatchObject({
      ok: true,
      overview: { total: 0, lost: { chapters: 1, entries: 3 }, rollback: { kind: "missing", missing: 2 } },
    });
  });

  it("forgets when it is told to, and when the vault is gone", async () => {
    await session.keepOnDevice();
    expect(await session.forgetDevice()).toMatchObject({ ownDevice: false });
    expect(memory.copies.size).toBe(0);
    await server.report(loan(3));
    await session.refresh();
    expect(memory.copies.size).toBe(0);
    await session.keepOnDevice();
    server.vault = null;
    expect(await open(deviceOn(memory))).toEqual({ ok: false, why: "no-vault" });
    expect(memory.copies.size).toBe(0);
  });

  it("that was away for months joins what others saved, removed and borrowed", async () => {
    await session.keepOnDevice();
    const old = structuredClone(memory);
    const copies = Object.assign(new TrialMemory(), { copies: old.copies });
    for (let number = 10; number < 40; number += 1) {
      await server.report(loan(number));
      await session.refresh();
    }
    const gone = session.page(0, 100).rows.find(({ title }) => title === "Title 1");
    await session.removeEntry(gone?.id ?? "");
    await server.report(loan(99));
    const late = deviceOn(copies);
    expect(await open(late)).toMatchObject({ ok: true, overview: { total: 32, rollback: null, gap: false } });
    expect(titles(late)).not.toContain("Title 1");
    expect(titles(late)).toContain("Title 99");
  });
});

describe("a rollback", () => {
  let old: ReturnType<typeof stored>;

  beforeEach(async () => {
    old = structuredClone(stored());
    for (const number of [3, 4]) {
      await server.report(loan(number));
      await session.refresh();
    }
    await server.report(loan(1, { event: "return", day: "2026-02-20" }));
    await session.refresh();
    const gone = session.page(0, 9).rows.find(({ title }) => title === "Title 2");
    await session.removeEntry(gone?.id ?? "");
    await session.keepOnDevice();
  });

  it("is told on the device that remembers, and nothing is saved or forgotten until its reader chooses", async () => {
    const before = structuredClone(kept());
    server.vault = structuredClone(old);
    server.commits = 0;
    await server.report(loan(5));
    const rollback = { kind: "older", missing: 3, revived: 1 };
    expect(await open()).toMatchObject({ ok: true, overview: { total: 3, rollback } });
    expect(titles()).toEqual(["Title 1", "Title 2", "Title 5"]);
    expect(await session.refresh()).toMatchObject({ overview: { rollback } });
    expect([server.commits, kept()]).toEqual([0, before]);
    const stranger = deviceOn(new TrialMemory());
    expect(await open(stranger)).toMatchObject({ ok: true, overview: { rollback: null } });
  });

  it("is put right by merging, above both numbers, so that other devices find nothing amiss", async () => {
    const other = Object.assign(new TrialMemory(), { copies: structuredClone(memory.copies) });
    const known = kept().sequence;
    server.vault = structuredClone(old);
    await server.report(loan(5));
    await open();
    expect(await session.settleRollback("put-back")).toMatchObject({
      ok: true,
      overview: { total: 4, rollback: null, unsaved: false },
    });
    expect(titles()).toEqual(["Title 1", "Title 3", "Title 4", "Title 5"]);
    expect(session.page(0, 9).rows.find(({ title }) => title === "Title 1")?.returnedOn).toBe("2026-02-20");
    expect(stored().sequence).toBe(known + 2);
    expect(kept().sequence).toBe(known + 2);
    const second = deviceOn(other);
    expect(await open(second)).toMatchObject({ ok: true, overview: { total: 4, rollback: null } });
    expect(await open()).toMatchObject({ ok: true, overview: { total: 4, rollback: null } });
  });

  it("that is put right while another device saves loses neither's", async () => {
    server.vault = structuredClone(old);
    const rival = deviceOn(new TrialMemory());
    await open();
    await open(rival);
    server.beforeCommit = async () => {
      server.beforeCommit = null;
      await server.report(loan(6));
      await rival.refresh();
    };
    expect(await session.settleRollback("put-back")).toMatchObject({
      ok: true,
      overview: { unsaved: false },
    });
    expect(titles()).toEqual(["Title 1", "Title 3", "Title 4", "Title 6"]);
  });

  it("can be accepted, and is then not told again", async () => {
    server.vault = structuredClone(old);
    await open();
    expect(await session.settleRollback("go-on")).toMatchObject({
      ok: true,
      overview: { total: 2, rollback: null },
    });
    expect(kept().manifest).toEqual(stored().manifest);
    expect(await open()).toMatchObject({ ok: true, overview: { total: 2, rollback: null } });
  });

  it("that lost a chapter can be accepted too, and is then not told again", async () => {
    stored().chapters = [];
    expect(await open()).toMatchObject({ overview: { rollback: { kind: "missing", missing: 3 } } });
    await session.settleRollback("go-on");
    expect(await open()).toMatchObject({ overview: { lost: { chapters: 1 }, rollback: null } });
  });

  it("whose putting right could not be saved keeps the device's copy, and saves at the next chance", async () => {
    const before = structuredClone(kept());
    server.vault = structuredClone(old);
    await open();
    server.unreachable = { call: "commitVault", how: "down" };
    expect(await session.settleRollback("put-back")).toMatchObject({ overview: { total: 3, unsaved: true } });
    expect(kept()).toEqual(before);
    server.unreachable = null;
    expect(await session.refresh()).toMatchObject({ overview: { total: 3, unsaved: false } });
  });

  it("that goes on along another line is told at once where it is the next, and by what it lacks where it is later", async () => {
    const known = kept().sequence;
    server.vault = structuredClone(old);
    const rival = deviceOn(new TrialMemory());
    await open(rival);
    for (let number = 50; stored().sequence < known; number += 1) {
      await server.report(loan(number));
      await rival.refresh();
    }
    expect(await open()).toMatchObject({
      overview: { rollback: { kind: "other-line", missing: 3, revived: 1 } },
    });
    await server.report(loan(60));
    await rival.refresh();
    expect(await open()).toMatchObject({ overview: { rollback: { kind: "other-line" } } });
    await server.report(loan(61));
    await rival.refresh();
    expect(await open()).toMatchObject({
      overview: { rollback: { kind: "missing", missing: 3, revived: 1 } },
    });
  });

  it("that lost one chapter is healed from the device's own", async () => {
    const [chapter] = stored().chapters;
    if (chapter === undefined) throw new Error("a chapter");
    chapter.blob = chapter.blob.with(200, 1 ^ (chapter.blob[200] ?? 0));
    expect(await open()).toMatchObject({
      overview: { total: 0, lost: { chapters: 1 }, rollback: { kind: "missing", missing: 3 } },
    });
    expect(await session.settleRollback("put-back")).toMatchObject({
      overview: { total: 3, lost: { chapters: 0 }, rollback: null, unsaved: false },
    });
    expect(stored().chapters.map(({ id }) => id)).not.toContain(chapter.id);
    expect(await open(deviceOn(new TrialMemory()))).toMatchObject({ overview: { total: 3 } });
  });
});

describe("a server that lies to a reader's own device", () => {
  const shownAs = (change: (vault: ReturnType<typeof stored>) => Partial<ReturnType<typeof stored>>) =>
    Object.assign(Object.create(server), {
      fetchVault: async () => {
        const vault = structuredClone(stored());
        return { ok: true, vault: { ...vault, ...change(vault) }, unchanged: [] };
      },
    });
  const lyingTo = (own: DeviceMemory, to: TrialServer) =>
    openVaultSession({ server: to, random: secureRandom, today, memory: own });

  it("does not take a chapter out of the copy by leaving it out, while open or when there is a newer state", async () => {
    await session.keepOnDevice();
    let lies = false;
    const device = lyingTo(
      memory,
      shownAs(({ chapters }) => ({ chapters: lies ? [] : chapters })),
    );
    await open(device);
    lies = true;
    expect(await device.refresh()).toMatchObject({ ok: true, overview: { total: 2 } });
    expect(kept().chapters.map(({ id }) => id)).toEqual(stored().chapters.map(({ id }) => id));
    expect(await open(deviceOn(memory))).toMatchObject({ overview: { total: 2, rollback: null } });
    stored().chapters = [];
    expect(await open()).toMatchObject({ overview: { rollback: { kind: "missing", missing: 2 } } });
  });

  it("does not have another number or epoch remembered than the manifest's own", async () => {
    await session.keepOnDevice();
    let lies = false;
    const device = lyingTo(
      memory,
      shownAs(() => (lies ? { sequence: 2 ** 52, epoch: 9 } : {})),
    );
    await open(device);
    lies = true;
    await device.refresh();
    await device.keepOnDevice();
    expect(kept()).toMatchObject({ sequence: stored().sequence, epoch: 1 });
    expect(await open()).toMatchObject({ overview: { rollback: null } });
  });

  it("does not hide a rollback behind another vault's id", async () => {
    await session.keepOnDevice();
    const old = structuredClone(stored());
    await server.report(loan(3));
    await session.refresh();
    server.vault = old;
    const misled = deviceOn(memory);
    expect(
      await misled.unlock(
        { kind: "recovery", secret: recoveryCode },
        undefined,
        "00000000-0000-4000-8000-000000000000",
      ),
    ).toMatchObject({ overview: { ownDevice: true, rollback: { kind: "older", missing: 1 } } });
  });

  it("gets no change of keys and no fresh start while a rollback waits: the copy could not be put back after it", async () => {
    await session.keepOnDevice();
    const old = structuredClone(stored());
    await server.report(loan(3));
    await session.refresh();
    server.vault = old;
    await open();
    const present = () => ({ kind: "recovery" as const, secret: recoveryCode });
    const passphrase = "another good passphrase entirely";
    const refusal = { ok: false, why: "rollback-unsettled" };
    expect(await session.prepareAfresh({ present: present(), passphrase })).toEqual(refusal);
    expect(await session.prepareKeyChange({ kind: "recovery", present: present() })).toEqual(refusal);
    await session.settleRollback("put-back");
    expect(await session.prepareAfresh({ present: present(), passphrase })).toMatchObject({ ok: true });
    expect(await session.finishAfresh()).toMatchObject({ ok: true, overview: { total: 3 } });
  });

  it("leaves nothing under the old keys on the device that starts afresh", async () => {
    await session.keepOnDevice();
    const present = { kind: "recovery" as const, secret: recoveryCode };
    await session.prepareAfresh({ present, passphrase: "another good passphrase entirely" });
    expect(await session.finishAfresh()).toMatchObject({ ok: true });
    await session.unlock({ kind: "recovery", secret: "" });
    expect(kept()).toMatchObject({ epoch: 2, sequence: stored().sequence, manifest: stored().manifest });
    expect(kept().chapters).toEqual(stored().chapters);
  });
});
