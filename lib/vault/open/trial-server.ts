/** A vault server in memory for tests and benches: strict about signatures, sequence numbers and guesses. */
import { sha256 } from "@noble/hashes/sha2.js";
import { newShredKey } from "../envelope";
import { chainHash, genesisHash } from "../inbox-chain";
import { leaveOutKnown } from "../known-chapters";
import type { LoanEntry } from "../loan-entry";
import { entryId, entryKeyOf } from "../loan-mark";
import { evaluateBlinded, newOprfKey, type OprfKey } from "../oprf-server";
import { secureRandom } from "../random-bytes";
import { sealEntry } from "../seal-entry";
import { newSigningKey, signingPublicKey } from "../signature";
import type {
  Afresh,
  KnownVault,
  SlotChange,
  VaultCommit,
  VaultServer,
  VaultSnapshot,
} from "../vault-contents";
import {
  afreshMessage,
  commitMessage,
  creationMessage,
  firstSequence,
  nextSequence,
  refillMessage,
  slotChangeMessage,
  verifyWrite,
} from "../vault-write";
import { newUuid } from "./uuid";

export type Loan = Omit<LoanEntry, "vaultId" | "entryId" | "previous"> & { loanId: string };

const guessesAtOnce = 10;

export class TrialServer implements VaultServer {
  readonly intakeKey = newSigningKey(secureRandom);
  readonly shredKey = newShredKey(secureRandom);
  readonly oprfKeys = new Map<string, OprfKey>();
  private readonly tickets = new Map<string, { slotId: string; key: OprfKey }>();
  private head = new Uint8Array(32);
  vault: VaultSnapshot | null = null;
  guessesLeft = guessesAtOnce;
  refills = 0;
  /** The commits that arrived, accepted or not. */
  arrived: VaultCommit[] = [];
  commits = 0;
  /** Calls of this name answer `offline`. `lost`: they work, and only the answer is lost. */
  unreachable: { call: string; how: "down" | "lost" } | null = null;
  /** Runs before a commit is looked at: where another device slips in. */
  beforeCommit: (() => Promise<void>) | null = null;
  private nonce = new Uint8Array(0);

  /** Another server of the same vault and keys, so that tests need not set one up each. */
  copy(): TrialServer {
    return Object.assign(new TrialServer(), this, {
      vault: structuredClone(this.vault),
      oprfKeys: new Map(this.oprfKeys),
      tickets: new Map(this.tickets),
      arrived: [],
    });
  }

  private async answer<T>(
    call: string,
    work: () => T | Promise<T>,
  ): Promise<T | { ok: false; why: "offline" }> {
    if (this.unreachable?.call === call && this.unreachable.how === "down")
      return { ok: false, why: "offline" };
    const result = await work();
    return this.unreachable?.call === call ? { ok: false, why: "offline" } : result;
  }

  /** What the last answer left out. */
  unchanged: string[] = [];

  fetchVault(known?: KnownVault): ReturnType<VaultServer["fetchVault"]> {
    return this.answer("fetchVault", () => {
      const { vault, unchanged } = leaveOutKnown(structuredClone(this.vault), known);
      this.unchanged = unchanged;
      return { ok: true as const, vault, unchanged };
    });
  }

  prepareOprf(_vaultId: string, slotId: string, blinded: Uint8Array) {
    return this.answer("prepareOprf", () => {
      const key = newOprfKey(secureRandom);
      const ticket = secureRandom(16);
      this.tickets.set(ticket.join(), { slotId, key });
      const result = evaluateBlinded(key, blinded);
      if (!result.ok) throw new Error("bad element");
      return {
        ok: true as const,
        evaluated: result.evaluated,
        ticket,
        intakePublicKey: signingPublicKey(this.intakeKey),
      };
    });
  }

  evaluateOprf(slotId: string, blinded: Uint8Array) {
    return this.answer("evaluateOprf", () => {
      const key = this.oprfKeys.get(slotId);
      if (key === undefined) return { ok: false as const, why: "no-vault" as const };
      if (this.guessesLeft === 0)
        return { ok: false as const, why: "no-guesses" as const, retryAfterSeconds: 360 };
      this.guessesLeft -= 1;
      const result = evaluateBlinded(key, blinded);
      if (!result.ok) throw new Error("bad element");
      this.nonce = Uint8Array.from(secureRandom(16));
      const { evaluated } = result;
      return { ok: true as const, evaluated, guessesLeft: this.guessesLeft, refillNonce: this.nonce };
    });
  }

  async refillGuesses(nonce: Uint8Array, signature: Uint8Array) {
    const { vault } = this;
    if (vault === null || nonce.join() !== this.nonce.join()) return;
    if (!verifyWrite(vault.signPublicKey, refillMessage(vault.vaultId, vault.epoch, nonce), signature))
      return;
    this.guessesLeft = guessesAtOnce;
    this.refills += 1;
  }

  createVault(creation: Parameters<VaultServer["createVault"]>[0]) {
    return this.answer("createVault", () => {
      if (this.vault !== null) return { ok: false as const, why: "exists" as const };
      const ticket = this.tickets.get(creation.oprfTicket.join());
      const slot = creation.slots.find((one) => one.kind === "passphrase");
      const signed = verifyWrite(creation.signPublicKey, creationMessage(creation), creation.signature);
      if (!signed) return { ok: false as const, why: "refused" as const };
      if (ticket === undefined || ticket.slotId !== slot?.id) {
        return { ok: false as const, why: "stale-ticket" as const };
      }
      this.oprfKeys.set(slot.id, ticket.key);
      this.head = Uint8Array.from(genesisHash(creation.vaultId, creation.epoch));
      this.vault = {
        vaultId: creation.vaultId,
        epoch: creation.epoch,
        recipient: creation.recipient,
        signPublicKey: creation.signPublicKey,
        intakePublicKey: signingPublicKey(this.intakeKey),
        sequence: firstSequence,
        manifest: creation.manifest,
        slots: creation.slots,
        chapters: [],
        inbox: [],
      };
      return { ok: true as const };
    });
  }

  async commitVault(commit: VaultCommit) {
    await this.beforeCommit?.();
    this.arrived.push(structuredClone(commit));
    return this.answer("commitVault", () => {
      const { vault } = this;
      if (vault === null) return { ok: false as const, why: "no-vault" as const };
      if (commit.epoch < vault.epoch) return { ok: false as const, why: "conflict" as const };
      if (!verifyWrite(vault.signPublicKey, commitMessage(commit), commit.signature)) {
        return { ok: false as const, why: "refused" as const };
      }
      if (commit.previousSequence !== vault.sequence || commit.epoch < vault.epoch)
        return { ok: false as const, why: "conflict" as const };
      const sequence = nextSequence(commit);
      if (sequence === null) return { ok: false as const, why: "refused" as const };
      const replaced = new Set([
        ...commit.droppedChapterIds,
        ...commit.chapters.map((chapter) => chapter.id),
      ]);
      const opened = new Set(commit.openedInboxIds);
      this.vault = {
        ...vault,
        sequence,
        manifest: commit.manifest,
        chapters: [...vault.chapters.filter((chapter) => !replaced.has(chapter.id)), ...commit.chapters],
        inbox: vault.inbox.filter((row) => !opened.has(row.id)),
      };
      this.commits += 1;
      return { ok: true as const };
    });
  }

  async changeSlots(change: SlotChange) {
    await this.beforeCommit?.();
    return this.answer("changeSlots", () => {
      const { vault } = this;
      if (vault === null) return { ok: false as const, why: "no-vault" as const };
      if (change.epoch < vault.epoch) return { ok: false as const, why: "conflict" as const };
      const kept = vault.slots.filter(({ id }) => change.keptSlotIds.includes(id));
      const ticket = change.oprfTicket && this.tickets.get(change.oprfTicket.join());
      if (
        !verifyWrite(vault.signPublicKey, slotChangeMessage(change), change.signature) ||
        kept.length !== change.keptSlotIds.length ||
        (change.slot?.kind === "passphrase") !== (ticket != null && ticket.slotId === change.slot?.id)
      ) {
        return { ok: false as const, why: "refused" as const };
      }
      if (change.previousSequence !== vault.sequence) return { ok: false as const, why: "conflict" as const };
      const slots = change.slot ? [...kept, change.slot] : kept;
      for (const id of this.oprfKeys.keys())
        if (!slots.some((slot) => slot.id === id)) this.oprfKeys.delete(id);
      if (ticket) this.oprfKeys.set(ticket.slotId, ticket.key);
      this.vault = { ...vault, sequence: vault.sequence + 1, manifest: change.manifest, slots };
      return { ok: true as const };
    });
  }

  /** Forgets every ticket, as the destruction of the day's master does. */
  dropTickets() {
    this.tickets.clear();
  }

  async startAfresh(afresh: Afresh) {
    await this.beforeCommit?.();
    return this.answer("startAfresh", () => {
      const { vault } = this;
      if (vault === null) return { ok: false as const, why: "no-vault" as const };
      if (afresh.epoch < vault.epoch) return { ok: false as const, why: "conflict" as const };
      const message = afreshMessage(afresh);
      const kinds = afresh.slots.map(({ kind }) => kind).toSorted();
      if (
        !verifyWrite(vault.signPublicKey, message, afresh.signature) ||
        !verifyWrite(afresh.signPublicKey, message, afresh.proof) ||
        kinds.join() !== "passphrase,recovery"
      ) {
        return { ok: false as const, why: "refused" as const };
      }
      const settled = new Set(afresh.settledInboxIds);
      if (afresh.previousSequence !== vault.sequence || vault.inbox.some(({ id }) => !settled.has(id))) {
        return { ok: false as const, why: "conflict" as const };
      }
      const ticket = this.tickets.get(afresh.oprfTicket.join());
      const slot = afresh.slots.find(({ kind }) => kind === "passphrase");
      if (ticket === undefined || ticket.slotId !== slot?.id)
        return { ok: false as const, why: "stale-ticket" as const };
      this.oprfKeys.clear();
      this.oprfKeys.set(slot.id, ticket.key);
      const { vaultId, recipient, signPublicKey, manifest, slots, chapters } = afresh;
      const epoch = vault.epoch + 1;
      this.head = Uint8Array.from(genesisHash(vaultId, epoch));
      this.vault = {
        ...vault,
        epoch,
        recipient,
        signPublicKey,
        sequence: vault.sequence + 1,
        manifest,
        slots,
        chapters,
        inbox: [],
      };
      return { ok: true as const };
    });
  }

  /** What intake does with one event of a patron who has a vault. Rows are kept in random order. */
  async report(loan: Loan): Promise<Uint8Array> {
    const { vault } = this;
    if (vault === null) throw new Error("no vault");
    const { loanId, ...event } = loan;
    const id = entryId(entryKeyOf(this.shredKey, vault.vaultId), loanId);
    const entry = { ...event, vaultId: vault.vaultId, entryId: id, previous: this.head };
    const sealed = await sealEntry(entry, vault.recipient, this.intakeKey);
    this.head = Uint8Array.from(chainHash(sealed));
    vault.inbox.push({ id: newUuid(secureRandom), sealed });
    vault.inbox.sort((a, b) => (sha256(a.sealed).join() < sha256(b.sealed).join() ? -1 : 1));
    return sealed;
  }
}
