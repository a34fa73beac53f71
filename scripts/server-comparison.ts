/** Compares what a running server gives to a visitor without a card with what the build in this checkout would give. */
import { createHash, type KeyObject, verify } from "node:crypto";
import { pageHeaders, staticHeaders } from "@/lib/headers";
import { bundleListAddress, isSameBuild, parseBundleList, signatureAddress } from "@/lib/served-bundles";
import { integrityOf } from "./bundle-list";
import type { ExpectedBuild } from "./expected-build";
import { inspectFlight } from "./flight-inspection";
import { builtPath, inspectPage } from "./page-inspection";
import { type Answer, fetchWithin } from "./visitor";

export interface Finding {
  what: string;
  /** One sentence when it is as expected. */
  says?: string;
  faults: string[];
}

/** What anyone can open without a card; the last one leads nowhere, and has scripts all the same. */
const pages = [
  "/",
  "/search",
  "/search?q=the",
  "/privacy",
  "/sign-in",
  "/history",
  "/history/setup",
  "/account",
  "/desk",
  "/record/1",
  "/no-such-page",
];
/** Headers that none of our answers has: each could load, redirect, or loosen something. */
const foreignHeaders = ["refresh", "service-worker-allowed", "sourcemap", "x-sourcemap"];
const atOnce = 4;

/** @param key the public key whose signature the list must carry; without it a signature is only told of */
export async function compareServer(origin: URL, build: ExpectedBuild, key?: KeyObject): Promise<Finding[]> {
  const named = new Set<string>();
  const nonces = new Set<string>();
  const findings: Finding[] = [];
  for (const path of pages) findings.push(await comparePage(new URL(path, origin), build, named, nonces));
  findings.push(await compareFiles(origin, build, named), ...(await compareList(origin, build, key)));
  return findings;
}

async function comparePage(
  start: URL,
  build: ExpectedBuild,
  named: Set<string>,
  nonces: Set<string>,
): Promise<Finding> {
  const html = await fetchWithin(start);
  const nonce =
    /'nonce-([\w+/]{22,}={0,2})'/.exec(html.headers.get("content-security-policy") ?? "")?.[1] ?? "";
  const faults = [...headerFaults(html, nonce), ...linkFaults(html, build)];
  if (!/^text\/html\b/.test(html.headers.get("content-type") ?? "")) faults.push("is not HTML");
  if (nonces.has(nonce)) faults.push("has the nonce of another answer");
  nonces.add(nonce);
  const inspected = inspectPage(html.body.toString("utf8"), { ...build, address: html.address, nonce });
  // What a browser asks for when a link is followed within the application.
  const flight = await fetchWithin(start, { RSC: "1" });
  const carried = inspectFlight(flight.body.toString("utf8"), build);
  for (const name of [...inspected.names, ...carried.names]) named.add(name);
  faults.push(...inspected.faults, ...carried.faults);
  if (inspected.names.size === 0) faults.push("names no built file at all");
  const says = html.address.href === start.href ? "" : `, by way of ${html.address.pathname}`;
  return {
    what: `${start.pathname}${start.search}`,
    says: `${html.status}${says}`,
    faults: [...new Set(faults)],
  };
}

function headerFaults({ headers, address }: Answer, nonce: string): string[] {
  const https = address.protocol === "https:";
  const ours = pageHeaders({ path: address.pathname, nonce, https, development: false });
  return [...differences(ours, headers), ...foreignHeaders.filter((name) => headers.has(name)).map(sentence)];
}

function sentence(name: string): string {
  return `sends the header ${name}, which ours does not`;
}

function differences(ours: Record<string, string>, headers: Headers): string[] {
  return Object.entries(ours).flatMap(([name, value]) => {
    const sent = headers.get(name);
    const isSame = name === "Cache-Control" ? sent?.includes(value) : sent === value;
    if (isSame) return [];
    return [sent === null ? `the header ${name} is missing` : `the header ${name} is not ours: ${sent}`];
  });
}

function linkFaults({ headers, address }: Answer, build: ExpectedBuild): string[] {
  const addresses = [...(headers.get("link") ?? "").matchAll(/<([^>]*)>/g)].map(([, target = ""]) => target);
  return addresses
    .filter((target) => target !== "/" && !builtPath(target, { address, files: build.files }))
    .map((target) => `its Link header names something that is not of this build: ${target}`);
}

/** Every file of the build, and every one that a page or another file names: none missing, none more, none changed. */
async function compareFiles(origin: URL, build: ExpectedBuild, named: Set<string>): Promise<Finding> {
  const faults: string[] = [];
  const ours = staticHeaders(false);
  const waiting = [...new Set([...build.files.keys(), ...named])];
  const seen = new Set(waiting);
  const compareOne = async (path: string) => {
    const answer = await fetchWithin(new URL(path, origin));
    const expected = build.files.get(path);
    if (!expected) faults.push(`${path} is not of this build`);
    else if (answer.status !== 200) faults.push(`${path} is missing (${answer.status})`);
    else if (integrityOf(answer.body) !== expected) faults.push(`${path} has been changed`);
    else faults.push(...differences(ours, answer.headers).map((fault) => `${path}: ${fault}`));
    for (const name of /\.(js|css)$/.test(path) ? filesNamedIn(answer.body.toString("utf8")) : [])
      if (!seen.has(name)) waiting.push(seen.add(name) && name);
  };
  const takeTurns = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await compareOne(path);
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
  return { what: "built files", says: `all ${build.files.size} are equal`, faults: faults.sort() };
}

function filesNamedIn(text: string): string[] {
  const names = text.matchAll(/["'(](?:\/_next\/)?(static\/(?:chunks|media)\/[\w.~-]+\.(?:js|css))/g);
  return [...names].map(([, name]) => `/_next/${name}`);
}

async function compareList(origin: URL, build: ExpectedBuild, key?: KeyObject): Promise<Finding[]> {
  const list = await fetchWithin(new URL(bundleListAddress, origin));
  const signature = await fetchWithin(new URL(signatureAddress, origin));
  const isOurs = list.status === 200 && isSameBuild(list.body, build.list);
  const commit = parseBundleList(list.body)?.commit;
  const about = {
    what: bundleListAddress,
    says: `lists this build${commit ? `, commit ${commit.slice(0, 12)}` : ""}`,
    faults: isOurs ? [] : [list.status === 200 ? "lists another build" : `is missing (${list.status})`],
  };
  const isSigned = signature.status === 200;
  const signed: Finding = { what: "signature", faults: [] };
  if (!key)
    signed.says = isSigned ? "there is one; name its key with --key to check it" : "this server has none";
  else if (!isSigned) signed.faults.push("there is none, and a key was named to check it with");
  else if (verify(null, list.body, key, signature.body))
    signed.says = `is by the named key (${keyName(key)})`;
  else signed.faults.push(`is not by the named key (${keyName(key)})`);
  return [about, signed];
}

/** A short name for a public key, to be compared by eye. */
export function keyName(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex")
    .slice(0, 16);
}
