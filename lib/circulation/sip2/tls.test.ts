/** SIP2 over TLS: the certificate must be one that was to be trusted, for the name that was asked for. */
import { expect, test } from "vitest";
import { certify } from "../fixtures/certificate";
import { openSip2World } from "./fixtures/sip2-contract";

async function signInOver(certificate: { key: string; cert: string }, ca: string | null) {
  const login = { user: "commonplace", password: "a login of ours" };
  const served = await openSip2World({ tls: certificate, login });
  const server = {
    host: "localhost",
    port: served.simulator.port,
    tls: { ca },
    login: { ...login, location: "" },
    encoding: "utf-8" as const,
  };
  const asking = await openSip2World({}, { server });
  const answer = await asking.library.authenticate("23529000000001", "pin-4711!");
  const { received } = served.simulator;
  await asking.close();
  await served.close();
  return { answer, received, logged: asking.logged() };
}

test("a certificate of the authority that was given, for the server's name, is trusted", async () => {
  const certificate = certify("localhost");
  expect((await signInOver(certificate, certificate.cert)).answer).toMatchObject({ ok: true });
});

test("any other certificate is refused before a word is said, as a fault of the settings", async () => {
  const [right, elsewhere] = [certify("localhost"), certify("elsewhere.example")];
  for (const [certificate, ca] of [
    [right, null],
    [right, elsewhere.cert],
    [elsewhere, elsewhere.cert],
  ] as const) {
    const { answer, received, logged } = await signInOver(certificate, ca);
    expect(answer).toEqual({ ok: false, why: "misconfigured" });
    expect(received).toEqual([]);
    expect(logged).toContain("not-trusted");
  }
});

test("a server that speaks no TLS is told soon", async () => {
  const plain = await openSip2World();
  const server = {
    host: "localhost",
    port: plain.simulator.port,
    tls: { ca: null },
    login: null,
    encoding: "utf-8" as const,
  };
  const asking = await openSip2World({}, { server });
  expect(await asking.library.authenticate("1", "2")).toMatchObject({ ok: false });
  await asking.close();
  await plain.close();
});
