/** Reads the data from which React makes a page, and says what in it would load a script that is not of the expected build. */
import type { ExpectedBuild } from "./expected-build";

type Expected = Pick<ExpectedBuild, "files" | "inlineScripts">;

/** A script element with an address, as Next writes it. */
const loadedScript =
  /^\["\$","script","[\w-]+",\{"src":"([^"\\]+)","async":true(?:,"nonce":"[\w+/=]+")?(?:,"integrity":"[\w+/=-]+")?\}\]/;

export function inspectFlight(data: string, expected: Expected): { names: Set<string>; faults: string[] } {
  const names = new Set<string>();
  const faults: string[] = [];
  for (const [, path = ""] of data.matchAll(/(?<!\\)"(\/_next\/[^"?#\\]*)/g)) {
    if (expected.files.has(path)) names.add(path);
    else faults.push(`its data names a file that is not of this build: ${path}`);
  }
  for (const { 0: address } of data.matchAll(/"(?:https?:)?\/\/[^"\s]+\.m?js\b[^"]*"/gi))
    faults.push(`its data names a script of another server: ${address}`);
  for (const { 1: element, index } of data.matchAll(/\["\$","(script|iframe|object|embed|base)"/g)) {
    const source = loadedScript.exec(data.slice(index, index + 2_000))?.[1];
    const isOurs = source !== undefined && expected.files.has(source);
    const isKnownText = element === "script" && hasKnownText(data.slice(index), expected);
    if (!isOurs && !isKnownText) faults.push(`its data makes a <${element}> that none of our pages has`);
  }
  return { names, faults };
}

function hasKnownText(data: string, { inlineScripts }: Expected): boolean {
  const text =
    /^\["\$","script",null,\{[^{}]*"dangerouslySetInnerHTML":\{"__html":("(?:[^"\\]|\\.)*")\}/.exec(
      data,
    )?.[1];
  return text !== undefined && inlineScripts.has(String(JSON.parse(text)));
}
