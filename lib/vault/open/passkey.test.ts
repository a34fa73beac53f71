import { createHash, hkdfSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { lengthPrefix, vaultDomain } from "../length-prefix";
import { newPasskeySalt, passkeyHead, passkeyHeadBytes, readPasskeyQuestion } from "../passkey-question";
import { secureRandom } from "../random-bytes";
import type { Slot, SlotKind, VaultSnapshot } from "../vault-contents";
import { VaultFault } from "../vault-fault";
import { newPasskeySlot } from "./new-slot";
import { passkeyKey } from "./passkey";
import { newRootKey } from "./root-key";
import { openSlot } from "./slot";
import { unlockByPasskey } from "./unlock-slot";

const place = { vaultId: "vault", epoch: 1, slotId: "s" };
const question = {
  salt: newPasskeySalt(secureRandom),
  credentialId: secureRandom(20),
  host: "catalogue.example",
};
const outputs = { first: secureRandom(32), second: secureRandom(32) };
const answer = () => ({
  credentialId: question.credentialId,
  first: Uint8Array.from(outputs.first),
  second: Uint8Array.from(outputs.second),
});
const rootKey = newRootKey(secureRandom);
const slot = newPasskeySlot(place, question, outputs, rootKey, secureRandom);
const vaultWith = (slots: Slot[], of = place): VaultSnapshot => ({
  ...of,
  recipient: "",
  signPublicKey: new Uint8Array(0),
  intakePublicKey: new Uint8Array(0),
  sequence: 1,
  manifest: new Uint8Array(0),
  slots,
  chapters: [],
  inbox: [],
});

describe("passkey key", () => {
  it("is HKDF-SHA-512 over both outputs, as Node's own HKDF computes it", () => {
    const headHash = createHash("sha256").update(passkeyHead(question)).digest();
    const info = lengthPrefix(vaultDomain, "slot-passkey", 1, "s", headHash);
    const both = Buffer.concat([outputs.first, outputs.second]);
    const expected = hkdfSync("sha512", both, "vault", info, 32);
    expect(passkeyKey(outputs, question, place)).toEqual(new Uint8Array(expected));
  });

  it("differs under another output, order of outputs, salt, credential, host, vault, epoch and slot", () => {
    const made = [
      passkeyKey(outputs, question, place),
      passkeyKey({ ...outputs, first: secureRandom(32) }, question, place),
      passkeyKey({ ...outputs, second: secureRandom(32) }, question, place),
      passkeyKey({ first: outputs.second, second: outputs.first }, question, place),
      passkeyKey(outputs, { ...question, salt: newPasskeySalt(secureRandom) }, place),
      passkeyKey(outputs, { ...question, credentialId: secureRandom(20) }, place),
      passkeyKey(outputs, { ...question, host: "other.example" }, place),
      passkeyKey(outputs, question, { ...place, vaultId: "other" }),
      passkeyKey(outputs, question, { ...place, epoch: 2 }),
      passkeyKey(outputs, question, { ...place, slotId: "t" }),
    ];
    expect(new Set(made.map((key) => key.join())).size).toBe(made.length);
  });

  it("is refused when an output is short: an authenticator gives 32 bytes each", () => {
    for (const short of [{ first: new Uint8Array(31) }, { second: new Uint8Array(0) }]) {
      expect(() => passkeyKey({ ...outputs, ...short }, question, place)).toThrow(VaultFault);
    }
  });
});

describe("passkey slot", () => {
  it("opens by its passkey's answer, which is overwritten", () => {
    const given = answer();
    expect(unlockByPasskey(vaultWith([slot]), given)).toMatchObject({ ok: true, rootKey });
    expect([...given.first, ...given.second].some((byte) => byte !== 0)).toBe(false);
  });

  it("opens by no other output, and says that it is not known when the credential is not", () => {
    const wrong = { ...answer(), second: secureRandom(32) };
    expect(unlockByPasskey(vaultWith([slot]), wrong)).toEqual({ ok: false, why: "wrong-passkey" });
    expect([...wrong.first, ...wrong.second].some((byte) => byte !== 0)).toBe(false);
    const unknown = { ...answer(), credentialId: secureRandom(20) };
    expect(unlockByPasskey(vaultWith([slot]), unknown)).toEqual({ ok: false, why: "no-such-slot" });
  });

  it("opens in no other vault, epoch or slot, and as no other kind", () => {
    const swapped: VaultSnapshot[] = [
      vaultWith([slot], { ...place, vaultId: "other" }),
      vaultWith([slot], { ...place, epoch: 2 }),
      vaultWith([{ ...slot, id: "other" }]),
    ];
    for (const vault of swapped) {
      expect(unlockByPasskey(vault, answer())).toEqual({ ok: false, why: "wrong-passkey" });
    }
    const key = passkeyKey(outputs, question, { ...place, slotId: slot.id });
    expect(openSlot(slot, { ...place, slotId: slot.id }, key)).toMatchObject({ ok: true });
    for (const kind of ["passphrase", "recovery"] satisfies SlotKind[]) {
      expect(openSlot({ ...slot, kind }, { ...place, slotId: slot.id }, key).ok).toBe(false);
    }
  });

  it("is refused after a flip in any byte, the question's included, and when it is cut", () => {
    for (let at = 0; at < slot.blob.length; at += 1) {
      const blob = slot.blob.with(at, (slot.blob[at] ?? 0) ^ 4);
      const credentialId = readPasskeyQuestion({ ...slot, blob })?.credentialId ?? question.credentialId;
      expect(unlockByPasskey(vaultWith([{ ...slot, blob }]), { ...answer(), credentialId }).ok).toBe(false);
    }
    for (const length of [0, 1, passkeyHeadBytes, passkeyHeadBytes + 1, slot.blob.length - 1]) {
      const cut = { ...slot, blob: slot.blob.subarray(0, length) };
      expect(unlockByPasskey(vaultWith([cut]), answer()).ok).toBe(false);
    }
  });

  it("of an unknown version is told as such, and the right one beside it still opens", () => {
    const newer = { ...slot, id: "newer", blob: slot.blob.with(0, 2) };
    expect(unlockByPasskey(vaultWith([newer]), answer())).toEqual({ ok: false, why: "unknown-version" });
    expect(unlockByPasskey(vaultWith([newer, slot]), answer())).toMatchObject({ ok: true });
  });
});
