import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newPasskeySalt, type PasskeyQuestion } from "@/lib/vault/passkey-question";
import { secureRandom } from "@/lib/vault/random-bytes";
import { askPasskey, forgetPasskey, makePasskey, refusalOfBrowser, usableHere } from "./passkey";

/** A browser that answers as it is told, and keeps what it was asked. */
class Credential {
  static getClientCapabilities: (() => Promise<Record<string, boolean>>) | undefined;
  static signalUnknownCredential = vi.fn(async () => {});
  rawId = secureRandom(16).buffer;
  constructor(private readonly prf: object | undefined) {}
  getClientExtensionResults() {
    return { prf: this.prf };
  }
}

const question = (host = "catalogue.example"): PasskeyQuestion => ({
  salt: newPasskeySalt(secureRandom),
  credentialId: secureRandom(16),
  host,
});
const order = {
  salt: newPasskeySalt(secureRandom),
  known: [],
  libraryName: "Library",
  accountName: "History",
};
const outputs = () => ({ first: secureRandom(32).buffer, second: secureRandom(32).buffer });
const create = vi.fn<(options: CredentialCreationOptions) => Promise<unknown>>();
const get = vi.fn<(options: CredentialRequestOptions) => Promise<unknown>>();

function browserAt(hostname: string, isSecureContext = true, credential: unknown = Credential) {
  vi.stubGlobal("window", {
    isSecureContext,
    location: { hostname },
    ...(credential ? { PublicKeyCredential: credential } : {}),
  });
}

beforeEach(() => {
  vi.clearAllMocks();
  Credential.getClientCapabilities = undefined;
  browserAt("catalogue.example");
  vi.stubGlobal("PublicKeyCredential", Credential);
  vi.stubGlobal("navigator", { credentials: { create, get } });
});
afterEach(() => vi.unstubAllGlobals());

describe("making a passkey", () => {
  it("asks for user verification, a random challenge, no attestation and nothing of the patron", async () => {
    create.mockResolvedValue(new Credential({ enabled: true, results: outputs() }));
    const made = await makePasskey({ ...order, known: [question(), question("elsewhere.example")] });
    expect(made).toMatchObject({ ok: true });
    await makePasskey(order);
    const [first, second] = create.mock.calls.map(([options]) => options.publicKey);
    expect(first).toMatchObject({
      rp: { id: "catalogue.example", name: "Library" },
      user: { name: "History", displayName: "History" },
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      attestation: "none",
    });
    expect(first?.excludeCredentials).toHaveLength(1);
    expect(first?.challenge).not.toEqual(second?.challenge);
    expect(first?.user.id).not.toEqual(second?.user.id);
  });

  it("gives the outputs, and overwrites those that the browser gave", async () => {
    const results = outputs();
    const given = {
      first: new Uint8Array(results.first).slice(),
      second: new Uint8Array(results.second).slice(),
    };
    create.mockResolvedValue(new Credential({ enabled: true, results }));
    expect(await makePasskey(order)).toMatchObject({ ok: true, answer: given });
    expect([...new Uint8Array(results.first), ...new Uint8Array(results.second)].some((byte) => byte)).toBe(
      false,
    );
  });

  it("gives none yet where the authenticator gives them only in use", async () => {
    create.mockResolvedValue(new Credential({ enabled: true }));
    expect(await makePasskey(order)).toMatchObject({ ok: true, answer: null });
    expect(Credential.signalUnknownCredential).not.toHaveBeenCalled();
  });

  it.each([undefined, {}, { enabled: false }])(
    "refuses one without outputs, and has it forgotten: %j",
    async (prf) => {
      create.mockResolvedValue(new Credential(prf));
      expect(await makePasskey(order)).toEqual({ ok: false, why: "authenticator" });
      expect(Credential.signalUnknownCredential).toHaveBeenCalledOnce();
    },
  );
});

describe("asking a passkey", () => {
  it("asks only those made at this address, each with its own salt", async () => {
    const here = [question(), question()];
    get.mockResolvedValue(new Credential({ results: outputs() }));
    expect(await askPasskey([...here, question("elsewhere.example")])).toMatchObject({ ok: true });
    const asked = get.mock.calls[0]?.[0].publicKey;
    expect(asked).toMatchObject({ rpId: "catalogue.example", userVerification: "required" });
    expect(asked?.allowCredentials?.map(({ id }) => id)).toEqual(
      here.map(({ credentialId }) => credentialId),
    );
    const inputs = Object.values(asked?.extensions?.prf?.evalByCredential ?? {});
    expect(inputs).toHaveLength(2);
    expect(inputs[0]).not.toEqual(inputs[1]);
  });

  it("names the other address when all were made there, and asks nobody", async () => {
    const other = [question("elsewhere.example")];
    expect(await askPasskey(other)).toEqual({ ok: false, why: "elsewhere", host: "elsewhere.example" });
    expect(usableHere(other)).toEqual([]);
    expect(get).not.toHaveBeenCalled();
  });

  it("refuses an answer without both outputs, or with a short one", async () => {
    const { first } = outputs();
    for (const results of [undefined, { first }, { first, second: new ArrayBuffer(16) }]) {
      get.mockResolvedValueOnce(new Credential({ results }));
      expect(await askPasskey([question()])).toEqual({ ok: false, why: "authenticator" });
    }
  });

  it.each([
    ["NotAllowedError", "not-used"],
    ["AbortError", "not-used"],
    ["InvalidStateError", "there-already"],
    ["SecurityError", "address"],
    ["ConstraintError", "authenticator"],
    ["NotSupportedError", "authenticator"],
  ])("tells what a browser means by %s", async (name, why) => {
    get.mockRejectedValue(new DOMException("", name));
    expect(await askPasskey([question()])).toEqual({ ok: false, why });
  });
});

describe("a browser", () => {
  it("without passkeys, without secret outputs, or at an address that cannot have them is told apart at once", async () => {
    expect(await refusalOfBrowser()).toBeNull();
    Credential.getClientCapabilities = async () => ({ "extension:prf": false });
    expect(await refusalOfBrowser()).toEqual({ ok: false, why: "browser" });
    Credential.getClientCapabilities = async () => ({});
    expect(await refusalOfBrowser()).toBeNull();
    browserAt("catalogue.example", true, null);
    expect(await refusalOfBrowser()).toEqual({ ok: false, why: "browser" });
    for (const [host, secure] of [
      ["catalogue.example", false],
      ["192.168.0.7", true],
      ["[::1]", true],
    ] as const) {
      browserAt(host, secure);
      expect(await makePasskey(order)).toEqual({ ok: false, why: "address" });
    }
    expect(create).not.toHaveBeenCalled();
  });

  it("that cannot forget is not asked to", async () => {
    browserAt("catalogue.example", true, null);
    await forgetPasskey(secureRandom(16));
    expect(Credential.signalUnknownCredential).not.toHaveBeenCalled();
  });
});
