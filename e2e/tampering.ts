/** A server that lies: rewrites what `/api/vault` answers on its way to the browser, and knows what the honest one stores. */
import type { Page } from "@playwright/test";
import { demoPin, expect } from "./commonplace-test";
import { tryToSignIn } from "./patron-over-http";
import { sql } from "./server-sql";

/** A vault as it crosses the wire, bytes as base64. */
export interface WireVault {
  vaultId: string;
  epoch: number;
  recipient: string;
  signPublicKey: string;
  intakePublicKey: string;
  sequence: number;
  manifest: string;
  slots: { id: string; kind: string; blob: string }[];
  chapters: { id: string; revision: number; blob: string }[];
  inbox: { id: string; sealed: string }[];
}

export type Lie = (vault: WireVault) => WireVault | null;

export const bytesOf = (textB64: string) => new Uint8Array(Buffer.from(textB64, "base64"));
export const textB64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** From now on the page is told the lie whenever it asks for its vault; everything else reaches the honest server. */
export async function tellLies(page: Page, lie: Lie): Promise<void> {
  await page.route(/\/api\/vault(\/changes)?$/, async (route) => {
    const asked = route.request();
    const isFetch = asked.method() === "GET" || asked.url().endsWith("/changes");
    if (!isFetch) return route.continue();
    // Whole, also where the page has asked for changes only: a liar is free in what it leaves out.
    const answer = await route.fetch({
      url: asked.url().replace("/changes", ""),
      method: "GET",
      postData: "",
    });
    const { vault }: { vault: WireVault } = await answer.json();
    const unchanged = asked.method() === "GET" ? {} : { unchanged: [] };
    await route.fulfill({ response: answer, json: { vault: lie(vault), ...unchanged } });
  });
}

/** What the server sends to whoever has the patron's card. */
export async function fetchWire(url: string, cookie: string): Promise<WireVault> {
  const answer = await fetch(`${url}/api/vault`, { headers: { cookie } });
  return (await answer.json()).vault;
}

export async function sessionCookie(url: string, card: string) {
  const { cookie = "" } = await tryToSignIn(url, card, demoPin);
  const [name = "", value = ""] = cookie.split("=");
  expect(name).not.toBe("");
  return { header: cookie, asBrowserHasIt: { name, value, url } };
}

/** One hash over every row that the server stores for a vault. */
export async function storedDigest(databaseUrl: string, vaultId: string): Promise<unknown> {
  const parts = ["vault_keys", "vault_slots", "vault_chapters", "vault_inbox"].map(
    (table) => `select md5(row::text) as digest from ${table} as row where vault_id = $1`,
  );
  const all = ["select md5(row::text) as digest from vaults as row where id = $1", ...parts].join(
    " union all ",
  );
  const rows = await sql(
    databaseUrl,
    `select count(*)::int as n, md5(string_agg(digest, '' order by digest)) as digest from (${all}) as rows`,
    [vaultId],
  );
  return rows[0];
}
