/** What `npm run library:check` says of this side's own settings, without asking anybody. No value is told. */
import { attention, type Finding, fails, works } from "@/lib/circulation/diagnosis";

const shortestToken = 32;
const fewestCharacters = 10;

/** @param hasMadeToken whether `DATA_DIR/secrets.json` is there. */
export function judgeSettings(source: Record<string, string | undefined>, hasMadeToken: boolean): Finding[] {
  return [judgeAddress(source.PUBLIC_URL ?? ""), judgeToken(source.LOANS_TOKEN ?? "", hasMadeToken)];
}

/** Whether the environment could not be used with it, so that a check has to go on without. */
export function isTokenTooShort(token = ""): boolean {
  return token !== "" && token.length < shortestToken;
}

function judgeAddress(address: string): Finding {
  if (address === "")
    return attention(
      "PUBLIC_URL is not set: cookies are not marked for https alone.",
      "Set it to the https address that patrons type, and let a reverse proxy speak TLS.",
    );
  const { protocol, hostname } = new URL(address);
  if (protocol === "https:") return works("Patrons reach this catalogue by https.");
  if (/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname))
    return attention(
      "PUBLIC_URL is this machine's own address.",
      "It is for trying out; patrons need https.",
    );
  return fails(
    "PUBLIC_URL is http: patrons' card numbers and PINs would cross the network in clear, and no history can be opened.",
    "Let a reverse proxy speak TLS, and set PUBLIC_URL to the https address.",
  );
}

function judgeToken(token: string, hasMadeToken: boolean): Finding {
  if (isTokenTooShort(token))
    return fails(
      `LOANS_TOKEN is shorter than ${shortestToken} characters: it could be guessed, and Commonplace does not start with it.`,
      "Leave it empty, so that one is made in DATA_DIR/secrets.json.",
    );
  if (token !== "")
    return new Set(token).size >= fewestCharacters
      ? works("LOANS_TOKEN is long enough.")
      : attention(
          "LOANS_TOKEN is long, but of few different characters.",
          "Take a random one: openssl rand -base64 32.",
        );
  return hasMadeToken
    ? works("LOANS_TOKEN was made by Commonplace, in DATA_DIR/secrets.json.")
    : attention(
        "LOANS_TOKEN is not set, and none was made yet.",
        "The first start makes one in DATA_DIR/secrets.json; the library system needs it to report loans.",
      );
}
