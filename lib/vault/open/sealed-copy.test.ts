import { bech32 } from "@scure/base";
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import { beforeAll, describe, expect, it } from "vitest";
import { ageVersion, openWithAge } from "../fixtures/plain-age/age-tool";
import { readInCleanProcess } from "../fixtures/plain-age/clean-process";
import { secureRandom } from "../random-bytes";
import type { SealedFor, VaultSession } from "../unlocked-history";
import { type Loan, TrialServer } from "./trial-server";
import { openVaultSession } from "./vault-session";

const passphrase = "kestrel violet lantern mosaic drizzle";
const loan = (loanId: string, title: string): Loan => ({
  loanId,
  event: "checkout",
  day: "2026-02-01",
  due: "2026-02-22",
  recordId: "17",
  title,
  author: "Ocampo, Silvina",
  isbn: null,
  format: "book",
  callNumber: null,
  subjects: ["短編小説"],
});

let server: TrialServer;
let session: VaultSession;

beforeAll(async () => {
  server = new TrialServer();
  session = openVaultSession({ server, random: secureRandom, today: () => "2026-03-01" });
  await session.prepareSetUp({ passphrase });
  await session.finishSetUp();
  await server.report(loan("a", "La furia 🌋"));
  await session.refresh();
  await server.report(loan("b", "Viaje olvidado"));
});

async function copyFor(sealedFor: SealedFor) {
  const copy = await session.copySealed(sealedFor);
  if (!copy.ok) throw new Error(copy.why);
  return copy;
}

const whole = {
  format: "commonplace-history",
  version: 1,
  exportedOn: "2026-03-01",
  entries: [{ title: "La furia 🌋" }, { title: "Viaje olvidado" }],
};
const byTitle = (json: string) => {
  const file = JSON.parse(json);
  file.entries.sort((a: { title: string }, b: { title: string }) => (a.title < b.title ? -1 : 1));
  return file;
};

describe("a sealed copy", () => {
  it("holds the waiting entries as they lie, and what they say in the history too", async () => {
    const { history, waiting } = await copyFor({ kind: "recipient", recipient: await ownX25519() });
    expect(waiting).toEqual(server.vault?.inbox.map((row) => row.sealed));
    expect(waiting).toHaveLength(1);
    const [held] = await readInCleanProcess({ identity }, [history]);
    expect(byTitle(JSON.stringify(held))).toMatchObject(whole);
  });

  it("changes nothing on the server", async () => {
    const before = structuredClone(server.vault);
    await copyFor({ kind: "own" });
    expect(server.vault).toEqual(before);
  });

  it("is refused for a weak passphrase, and for what is no recipient", async () => {
    const refused = async (sealedFor: SealedFor) => {
      const outcome = await session.copySealed(sealedFor);
      return outcome.ok ? "sealed" : outcome.why;
    };
    expect(await refused({ kind: "passphrase", passphrase: " " })).toBe("empty");
    expect(await refused({ kind: "passphrase", passphrase: "summer" })).toBe("too-weak");
    // Good enough where a server counts the guesses, not for a file.
    expect(session.judgePassphrase("violet kestrel lantern")).toMatchObject({ ok: true, strength: "fair" });
    expect(await refused({ kind: "passphrase", passphrase: "violet kestrel lantern" })).toBe("too-weak");
    const lowOrder = bech32.encodeFromBytes("age", new Uint8Array(32));
    for (const recipient of ["", "age1", "age1pq1qqqq", await generateX25519Identity(), lowOrder])
      expect(await refused({ kind: "recipient", recipient })).toBe("bad-recipient");
  });

  it("is not made without the server, of another vault, or once locked", async () => {
    const other = server.copy();
    const device = openVaultSession({ server: other, random: secureRandom, today: () => "2026-03-01" });
    expect(await device.copySealed({ kind: "own" })).toEqual({ ok: false, why: "locked" });
    await device.unlock({ kind: "passphrase", secret: passphrase });
    other.unreachable = { call: "fetchVault", how: "down" };
    expect(await device.copySealed({ kind: "own" })).toEqual({ ok: false, why: "offline" });
    other.unreachable = null;
    if (other.vault) other.vault.recipient = "age1pq1someone";
    expect(await device.copySealed({ kind: "own" })).toEqual({ ok: false, why: "substituted" });
  });
});

describe("the key that is shown", () => {
  const present = { kind: "passphrase", secret: passphrase } as const;

  it("opens the history and the waiting entries in a process with none of our code", async () => {
    const shown = await session.showKey(present);
    if (!shown.ok) throw new Error(shown.why);
    expect(shown.identity).toMatch(/^AGE-SECRET-KEY-PQ-1[0-9A-Z]{58}$/);
    expect(await identityToRecipient(shown.identity)).toBe(server.vault?.recipient);
    const { history, waiting } = await copyFor({ kind: "own" });
    const [held, entry] = await readInCleanProcess({ identity: shown.identity }, [history, ...waiting]);
    expect(byTitle(JSON.stringify(held))).toMatchObject(whole);
    expect(entry).toMatchObject({
      version: 1,
      event: "checkout",
      title: "Viaje olvidado",
      day: "2026-02-01",
    });
    const stranger = await generateHybridIdentity();
    expect(await readInCleanProcess({ identity: stranger }, [history, ...waiting])).toEqual([null, null]);
  });

  it("is shown to nobody who cannot open the vault now", async () => {
    const why = async (outcome: ReturnType<VaultSession["showKey"]>) => {
      const shown = await outcome;
      return shown.ok ? shown.identity : shown.why;
    };
    expect(await why(session.showKey({ ...present, secret: "not these words" }))).toBe("wrong-passphrase");
    expect(await why(session.showKey({ kind: "recovery", secret: "AAAA" }))).toBe("misread-recovery-code");
    const device = openVaultSession({ server: server.copy(), random: secureRandom, today: () => "" });
    expect(await why(device.showKey(present))).toBe("locked");
    await device.unlock(present);
    const asked = device.showKey(present);
    await Promise.resolve();
    device.lock();
    expect(await why(asked)).toBe("locked");
  });
});

let identity = "";
async function ownX25519(): Promise<string> {
  identity = await generateX25519Identity();
  return identityToRecipient(identity);
}

const age = ageVersion();
const reader = age === null ? "the age package in a clean process" : `age ${age}`;

/** By the age program where there is one, otherwise by the package. */
async function openedPlainly(key: { identity: string } | { passphrase: string }, sealed: Uint8Array) {
  if (age !== null) return byTitle((await openWithAge(key, sealed)) ?? "{}");
  const [held] = await readInCleanProcess(key, [sealed]);
  return byTitle(JSON.stringify(held));
}

describe(`a sealed copy, opened by ${reader}`, () => {
  it("opens by its passphrase, without the space around it", async () => {
    const { history } = await copyFor({ kind: "passphrase", passphrase: ` ${passphrase} ` });
    expect(await openedPlainly({ passphrase }, history)).toMatchObject(whole);
  });

  it("opens by the identity of the recipient that was given", async () => {
    const { history } = await copyFor({ kind: "recipient", recipient: ` ${await ownX25519()}\n` });
    expect(await openedPlainly({ identity }, history)).toMatchObject(whole);
  });
});
