/** Koha over https: the certificate must be one that was to be trusted, for the name that was asked for. */
import { expect, test } from "vitest";
import { certify } from "../fixtures/certificate";
import { openKohaWorld } from "./fixtures/koha-contract";
import { apiClient } from "./fixtures/koha-simulator";

async function signInOver(tls: { key: string; cert: string }, ca: string | null) {
  const served = await openKohaWorld({ tls });
  const api = new URL(`https://localhost:${served.simulator.port}/api/v1`);
  const server = { api, ca, isPlainAllowed: false, client: apiClient };
  const asking = await openKohaWorld({}, { server });
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

test("any other, and one for another name, is not, and neither secret nor PIN is sent", async () => {
  const [right, elsewhere] = [certify("localhost"), certify("koha.example.org")];
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
