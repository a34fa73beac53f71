/** Why a SIP2 line could not be opened, for whoever sets it up: how far it came, and what to look at. */
import { type Finding, fails, works } from "../diagnosis";
import type { Sip2Server } from "./connection";
import type { Sip2Fault } from "./sip2-fault";

export function* openingFault(
  { code, step }: Sip2Fault,
  { host, port, tls }: Sip2Server,
): Generator<Finding> {
  const nothingSent = "Nothing of the test card was sent.";
  if (step === "connect") {
    yield fails(
      `Nobody answers at ${host}, port ${port}. ${nothingSent}`,
      "Is the SIP server running, are SIP2_HOST and SIP2_PORT right, and does a firewall stand between?",
    );
    return;
  }
  yield works("The server takes connections.");
  if (step === "tls") {
    yield code === "not-trusted"
      ? fails(
          `Its certificate is not one to trust, or not made out to ${host}. ${nothingSent}`,
          "Put the authority's certificate in SIP2_TLS_CA_FILE, and use the name in the certificate as SIP2_HOST.",
        )
      : fails(`It does not speak TLS. ${nothingSent}`, "Is SIP2_PORT the port with TLS?");
    return;
  }
  if (tls) yield works("The line is encrypted, and the certificate is the one to trust.");
  yield code === "login-refused"
    ? fails(
        `It refuses the account. ${nothingSent}`,
        "Compare SIP2_LOGIN_USER, SIP2_LOGIN_PASSWORD and SIP2_LOCATION with the account in the library system.",
      )
    : fails(
        `It did not answer the login (${code}). ${nothingSent}`,
        tls
          ? "A full server accepts a connection and never answers: lower SIP2_CONNECTIONS, or raise its limit."
          : "It may expect TLS (SIP2_TLS), or be full: lower SIP2_CONNECTIONS, or raise its limit.",
      );
}
