/** Asks the browser for a passkey and its secret outputs (WebAuthn Level 3, extension `prf`). Runs where the reader is: in the page. */
import { toB64Url } from "@/lib/vault/base64";
import { type PasskeyQuestion, prfInputs } from "@/lib/vault/passkey-question";
import { secureRandom } from "@/lib/vault/random-bytes";
import type { PasskeyAnswer } from "@/lib/vault/unlocked-history";

export type PasskeyRefusal =
  /** Cancelled, too late, or none of them is at hand: browsers do not say which. */
  | { ok: false; why: "not-used" }
  /** This browser has no passkeys, or passkeys without secret outputs. */
  | { ok: false; why: "browser" }
  /** This passkey, or what keeps it, has no secret outputs. */
  | { ok: false; why: "authenticator" }
  /** Plain http, or an address in digits: browsers give passkeys to neither. */
  | { ok: false; why: "address" }
  /** All passkeys of this history were made at another address. */
  | { ok: false; why: "elsewhere"; host: string }
  /** What was to keep the new passkey has one of this history already. */
  | { ok: false; why: "there-already" };

export type PasskeyAsking = { ok: true; answer: PasskeyAnswer } | PasskeyRefusal;
export type PasskeyMaking =
  /** `answer` is null where the outputs are given only when the passkey is used: ask it with `askPasskey`. */
  { ok: true; credentialId: Uint8Array; answer: PasskeyAnswer | null } | PasskeyRefusal;

/** Every kind that is common: Ed25519, ECDSA with P-256, RSA. Nobody checks a signature, but one kind must be named. */
const algorithms = [-8, -7, -257].map((alg) => ({ type: "public-key" as const, alg }));
const waitMs = 5 * 60 * 1000;
const outputBytes = 32;

/** The host at which passkeys made on this page answer. */
export function passkeyHost(): string {
  return window.location.hostname;
}

/** Which of them may answer at this address. */
export function usableHere(questions: readonly PasskeyQuestion[]): PasskeyQuestion[] {
  return questions.filter(({ host }) => host === passkeyHost());
}

/** Null when this browser, at this address, can be asked for a passkey with secret outputs, as far as it tells. */
export async function refusalOfBrowser(): Promise<PasskeyRefusal | null> {
  if (!window.isSecureContext || isNumeric(passkeyHost())) return { ok: false, why: "address" };
  if (!("PublicKeyCredential" in window)) return { ok: false, why: "browser" };
  const capabilities = await PublicKeyCredential.getClientCapabilities?.().catch(() => null);
  return capabilities?.["extension:prf"] === false ? { ok: false, why: "browser" } : null;
}

const isNumeric = (host: string) => host.startsWith("[") || /^[\d.]+$/.test(host);

/**
 * Makes a passkey, and asks for its outputs in the same breath where the authenticator can.
 *
 * The challenge is random and nobody ever checks what is signed over it: a passkey here signs nobody in. It yields key
 * material to this page and to nobody else, and the server learns neither its public key nor that it was used. For the same
 * reason nothing is attested, and the account carries a random id and no name or number of the patron.
 */
export async function makePasskey(order: {
  salt: Uint8Array;
  known: readonly PasskeyQuestion[];
  libraryName: string;
  accountName: string;
}): Promise<PasskeyMaking> {
  const unable = await refusalOfBrowser();
  if (unable) return unable;
  const made = await asking(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: passkeyHost(), name: order.libraryName },
        user: { id: ownBytes(secureRandom(32)), name: order.accountName, displayName: order.accountName },
        challenge: ownBytes(secureRandom(32)),
        pubKeyCredParams: algorithms,
        excludeCredentials: usableHere(order.known).map(descriptorOf),
        // Preferred: keepers that carry a passkey to the reader's other devices do so for such ones only.
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        attestation: "none",
        timeout: waitMs,
        extensions: { prf: { eval: inputsOf(order.salt) } },
      },
    }),
  );
  if (!made.ok) return made;
  const { prf } = made.credential.getClientExtensionResults();
  const credentialId = new Uint8Array(made.credential.rawId);
  const answer = answerOf(credentialId, prf);
  if (answer || prf?.enabled) return { ok: true, credentialId, answer };
  await forgetPasskey(credentialId);
  return { ok: false, why: "authenticator" };
}

/** Asks for the outputs of whichever of these passkeys the reader uses. */
export async function askPasskey(questions: readonly PasskeyQuestion[]): Promise<PasskeyAsking> {
  const unable = await refusalOfBrowser();
  if (unable) return unable;
  const here = usableHere(questions);
  const [first] = questions;
  if (here.length === 0) return { ok: false, why: "elsewhere", host: first?.host ?? "" };
  const used = await asking(() =>
    navigator.credentials.get({
      publicKey: {
        rpId: passkeyHost(),
        challenge: ownBytes(secureRandom(32)),
        allowCredentials: here.map(descriptorOf),
        userVerification: "required",
        timeout: waitMs,
        extensions: {
          prf: {
            evalByCredential: Object.fromEntries(
              here.map(({ credentialId, salt }) => [toB64Url(credentialId), inputsOf(salt)]),
            ),
          },
        },
      },
    }),
  );
  if (!used.ok) return used;
  const credentialId = new Uint8Array(used.credential.rawId);
  const answer = answerOf(credentialId, used.credential.getClientExtensionResults().prf);
  return answer ? { ok: true, answer } : { ok: false, why: "authenticator" };
}

/** Tells the passkey's keeper, where the browser can, that nothing here knows the passkey any more. */
export async function forgetPasskey(credentialId: Uint8Array): Promise<void> {
  if (!("PublicKeyCredential" in window)) return;
  await PublicKeyCredential.signalUnknownCredential?.({
    rpId: passkeyHost(),
    credentialId: toB64Url(credentialId),
  }).catch(() => {});
}

async function asking(
  ask: () => Promise<Credential | null>,
): Promise<{ ok: true; credential: PublicKeyCredential } | PasskeyRefusal> {
  try {
    const credential = await ask();
    return credential instanceof PublicKeyCredential
      ? { ok: true, credential }
      : { ok: false, why: "not-used" };
  } catch (fault) {
    const name = fault instanceof Error ? fault.name : "";
    if (name === "InvalidStateError") return { ok: false, why: "there-already" };
    if (name === "SecurityError") return { ok: false, why: "address" };
    // ConstraintError: it cannot tell who uses it. NotSupportedError: no kind of key in common.
    if (name === "ConstraintError" || name === "NotSupportedError")
      return { ok: false, why: "authenticator" };
    return { ok: false, why: "not-used" };
  }
}

function answerOf(
  credentialId: Uint8Array,
  prf: AuthenticationExtensionsPRFOutputs | undefined,
): PasskeyAnswer | null {
  const { first, second } = prf?.results ?? {};
  if (!first || !second) return null;
  const answer = { credentialId, first: takenFrom(first), second: takenFrom(second) };
  return answer.first.length === outputBytes && answer.second.length === outputBytes ? answer : null;
}

/** A copy to give away, and the browser's own overwritten. */
function takenFrom(source: BufferSource): Uint8Array {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  const taken = Uint8Array.from(bytes);
  bytes.fill(0);
  return taken;
}

const descriptorOf = ({ credentialId }: PasskeyQuestion) => ({
  type: "public-key" as const,
  id: ownBytes(credentialId),
});

function inputsOf(salt: Uint8Array) {
  const { first, second } = prfInputs(salt);
  return { first: ownBytes(first), second: ownBytes(second) };
}

const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
