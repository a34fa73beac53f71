import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { environmentNames } from "@/lib/env";
import { givenSettings } from "./settings";

const example = parseEnv(readFileSync(new URL("../.env.example", import.meta.url), "utf8"));

test(".env.example lists exactly the variables that are read", () => {
  expect(Object.keys(example).sort()).toEqual([...environmentNames].sort());
});

test(".env.example shows the defaults", () => {
  const nothing = { NODE_ENV: "test" as const };
  expect(givenSettings({ ...nothing, ...example })).toEqual(givenSettings(nothing));
});

test("the data folder is an absolute path, so that a child with another working folder finds it", () => {
  expect(isAbsolute(givenSettings({ NODE_ENV: "test", DATA_DIR: "somewhere" }).DATA_DIR)).toBe(true);
});

test("a fault is told by the variable's name, never by its value", () => {
  const faulty = () => givenSettings({ NODE_ENV: "test", AUTH_SECRET: "short-secret" });
  expect(faulty).toThrow(/AUTH_SECRET/);
  expect(faulty).not.toThrow(/short-secret/);
});

test("what the chosen library system cannot do without is said by name", () => {
  const sip2 = (more: Record<string, string>) => () =>
    givenSettings({ NODE_ENV: "test", LIBRARY_SYSTEM: "sip2", ...more });
  expect(sip2({})).toThrow("SIP2_HOST: is needed with LIBRARY_SYSTEM=sip2");
  expect(sip2({ SIP2_HOST: "h", SIP2_LOGIN_USER: "u" })).toThrow(/SIP2_LOGIN_USER and SIP2_LOGIN_PASSWORD/);
  expect(sip2({ SIP2_HOST: "h", SIP2_TLS_CA_FILE: "f" })).toThrow(/has no effect without SIP2_TLS=true/);
  expect(sip2({ SIP2_HOST: "h", SIP2_LOGIN_PASSWORD: "p|w", SIP2_LOGIN_USER: "u" })).toThrow(
    /must not contain/,
  );
  expect(sip2({ SIP2_HOST: "h", SIP2_LOGIN_USER: "u", SIP2_LOGIN_PASSWORD: "p" })()).toMatchObject({
    SIP2_PORT: 6001,
  });
});

test("what Koha cannot do without is said by name, and a PIN crosses no network in clear unasked", () => {
  const koha = (more: Record<string, string>) => () =>
    givenSettings({ NODE_ENV: "test", LIBRARY_SYSTEM: "koha", ...more });
  const key = { KOHA_CLIENT_ID: "id", KOHA_CLIENT_SECRET: "a-secret" };
  expect(koha({})).toThrow(/KOHA_URL: is needed.*KOHA_CLIENT_ID: is needed.*KOHA_CLIENT_SECRET: is needed/);
  expect(koha({ ...key, KOHA_URL: "http://koha.example.org" })).toThrow(/KOHA_URL: must be https/);
  expect(koha({ ...key, KOHA_URL: "http://127.0.0.1.example.org" })).toThrow(/must be https/);
  expect(koha({ ...key, KOHA_URL: "ftp://koha.example.org" })).toThrow(/KOHA_URL/);
  expect(koha({ ...key, KOHA_URL: "https://user:a-secret@koha.example.org" })).toThrow(
    /KOHA_URL: must hold no user/,
  );
  expect(koha({ ...key, KOHA_URL: "https://user:a-secret@koha.example.org" })).not.toThrow(/a-secret/);
  expect(koha({ ...key, KOHA_URL: "http://koha.example.org", KOHA_PLAIN_HTTP: "true" })()).toMatchObject({
    KOHA_CONNECTIONS: 6,
  });
  for (const address of [
    "https://koha.example.org/",
    "http://127.0.0.1:8080",
    "http://[::1]:8080",
    "http://localhost",
  ])
    expect(koha({ ...key, KOHA_URL: address })()).toMatchObject({ KOHA_URL: address });
});

test("Evergreen and PAIA are asked by https alone, or on this machine", () => {
  const given = (more: Record<string, string>) => () => givenSettings({ NODE_ENV: "test", ...more });
  const evergreen = { LIBRARY_SYSTEM: "evergreen" };
  expect(given(evergreen)).toThrow("EVERGREEN_URL: is needed with LIBRARY_SYSTEM=evergreen");
  const unsafe = [
    "http://eg.example.org",
    "http://127.0.0.1.example.org",
    "https://u:p@eg.example.org",
    "ftp://x",
  ];
  for (const EVERGREEN_URL of unsafe) expect(given({ ...evergreen, EVERGREEN_URL })).toThrow(/EVERGREEN_URL/);
  for (const EVERGREEN_URL of ["https://eg.example.org", "http://127.0.0.1:4500/x"])
    expect(given({ ...evergreen, EVERGREEN_URL })()).toMatchObject({ EVERGREEN_URL });
  const paia = { LIBRARY_SYSTEM: "paia", PAIA_AUTH_URL: "https://paia.example.org/auth" };
  expect(given(paia)).toThrow("PAIA_CORE_URL: is needed with LIBRARY_SYSTEM=paia");
});
