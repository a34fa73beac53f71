/** Reads a page as a browser would and says what in it can run or load anything that is not of the expected build. */
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { ExpectedBuild } from "./expected-build";
import { inspectFlight } from "./flight-inspection";

export interface Inspection {
  /** Paths of built files that the page names. */
  names: Set<string>;
  faults: string[];
}

type Page = Pick<ExpectedBuild, "files" | "carryIntegrity" | "inlineScripts"> & {
  /** Where the page was fetched. */
  address: URL;
  nonce: string;
};

/** Elements that no page of ours has: each could run, load or redirect something. */
const foreignElements = new Set(["base", "iframe", "frame", "object", "embed", "applet", "portal", "style"]);
const loadingAttributes = new Set(["src", "srcset", "data", "action", "formaction", "poster", "background"]);

export function inspectPage(html: string, page: Page): Inspection {
  const found: Inspection = { names: new Set(), faults: [] };
  const flight: string[] = [];
  for (const element of elementsOf(parse(html))) {
    const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
    if (foreignElements.has(element.tagName) || (element.tagName === "meta" && attributes.has("http-equiv")))
      found.faults.push(`holds a <${element.tagName}> that none of our pages has`);
    if (element.tagName === "script") {
      const text = element.childNodes.map((node) => ("value" in node ? node.value : "")).join("");
      inspectScript(attributes, text, page, found, flight);
    } else {
      if (element.tagName === "link") inspectLink(attributes, page, found);
      inspectAttributes(element.tagName, attributes, page, found);
    }
  }
  const carried = inspectFlight(flight.join(""), page);
  for (const name of carried.names) found.names.add(name);
  found.faults.push(...carried.faults);
  return found;
}

function inspectScript(
  attributes: Map<string, string>,
  text: string,
  page: Page,
  found: Inspection,
  flight: string[],
): void {
  const source = attributes.get("src") ?? attributes.get("href") ?? attributes.get("xlink:href");
  if (attributes.get("nonce") !== page.nonce)
    found.faults.push(`a script without the page's nonce: ${source ?? excerpt(text)}`);
  if (source !== undefined) {
    const path = builtPath(source, page);
    const integrity = attributes.get("integrity");
    if (!path) found.faults.push(`loads a script that is not of this build: ${source}`);
    else found.names.add(path);
    if (text.trim()) found.faults.push(`a script with both an address and a text: ${source}`);
    if (path && integrity === undefined && page.carryIntegrity.has(path))
      found.faults.push(`the integrity of ${path} has been left out`);
    if (path && integrity !== undefined && integrity !== page.files.get(path))
      found.faults.push(`the integrity given for ${path} is not the build's`);
    return;
  }
  const data = flightData(text);
  if (data !== undefined) flight.push(data);
  else if (!page.inlineScripts.has(text))
    found.faults.push(`an inline script of unknown text: ${excerpt(text)}`);
}

/** What a script that only hands over data hands over; undefined when it could do anything else. */
function flightData(text: string): string | undefined {
  if (text === "(self.__next_f=self.__next_f||[]).push([0])") return "";
  const argument = /^self\.__next_f\.push\((\[1,".*"\])\)$/s.exec(text)?.[1];
  try {
    const value: unknown = JSON.parse(argument ?? "");
    return Array.isArray(value) && value.length === 2 && typeof value[1] === "string" ? value[1] : undefined;
  } catch {
    return undefined;
  }
}

function inspectLink(attributes: Map<string, string>, page: Page, found: Inspection): void {
  const [rel, address] = [attributes.get("rel") ?? "", attributes.get("href") ?? ""];
  const path = builtPath(address, page);
  if (path) found.names.add(path);
  const url = URL.canParse(address, page.address) ? new URL(address, page.address) : undefined;
  const isIcon = /^(shortcut )?icon$/.test(rel) && url?.origin === page.address.origin;
  if (!path && !isIcon)
    found.faults.push(`a link (${rel}) to something that is not of this build: ${address}`);
  const integrity = attributes.get("integrity");
  if (path && integrity !== undefined && integrity !== page.files.get(path))
    found.faults.push(`the integrity given for ${path} is not the build's`);
}

function inspectAttributes(
  element: string,
  attributes: Map<string, string>,
  page: Page,
  found: Inspection,
): void {
  for (const [name, value] of attributes) {
    if (name.startsWith("on")) found.faults.push(`<${element}> has a handler in its markup: ${name}`);
    if (/^\s*(javascript|vbscript|data\s*:\s*text\/html)/i.test(value))
      found.faults.push(`<${element}> has an address that runs: ${excerpt(value)}`);
    else if (
      loadingAttributes.has(name) &&
      URL.canParse(value, page.address) &&
      new URL(value, page.address).origin !== page.address.origin &&
      !value.startsWith("data:image/")
    )
      found.faults.push(`<${element}> ${name} goes to another server: ${excerpt(value)}`);
  }
}

/** The path of a built file of ours, without query; undefined for any other address. */
export function builtPath(address: string, page: Pick<Page, "address" | "files">): string | undefined {
  if (!URL.canParse(address, page.address)) return undefined;
  const url = new URL(address, page.address);
  return url.origin === page.address.origin && page.files.has(url.pathname) ? url.pathname : undefined;
}

function* elementsOf(node: DefaultTreeAdapterTypes.ParentNode): Generator<DefaultTreeAdapterTypes.Element> {
  for (const child of node.childNodes) {
    if (!("tagName" in child)) continue;
    yield child;
    yield* elementsOf(child);
    if ("content" in child) yield* elementsOf(child.content);
  }
}

export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}
