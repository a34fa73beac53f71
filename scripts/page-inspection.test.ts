import { expect, test } from "vitest";
import { inspectPage } from "./page-inspection";

const nonce = "bm9uY2Vub25jZW5vbmNlMQ==";
const start = "/_next/static/chunks/start.js";
const later = "/_next/static/chunks/later.js";
const page = {
  address: new URL("https://catalogue.example/search?q=the"),
  nonce,
  files: new Map([
    [start, "sha384-start"],
    [later, "sha384-later"],
    ["/_next/static/chunks/a.css", "sha384-css"],
  ]),
  carryIntegrity: new Set([start]),
  inlineScripts: new Set(["begin();"]),
};
const sound = [
  `<link rel="stylesheet" href="/_next/static/chunks/a.css"><link rel="icon" href="/icon.svg?1">`,
  `<script nonce="${nonce}">begin();</script>`,
  `<script nonce="${nonce}" src="${start}" integrity="sha384-start" async></script>`,
  `<script nonce="${nonce}" src="${later}" async></script>`,
  `<script nonce="${nonce}">(self.__next_f=self.__next_f||[]).push([0])</script>`,
  `<script nonce="${nonce}">self.__next_f.push([1,"4:\\"${later}\\"\\n"])</script>`,
  `<a href="https://elsewhere.example/">elsewhere</a><img src="data:image/png;base64,AA"><form action="/search"></form>`,
].join("");

function inspect(more: string) {
  return inspectPage(`<!DOCTYPE html><html><body>${more}</body></html>`, page).faults;
}

test("a page of the build is sound, and tells the files that it names", () => {
  expect(inspectPage(sound, page)).toEqual({
    names: new Set(["/_next/static/chunks/a.css", start, later]),
    faults: [],
  });
});

const own = `nonce="${nonce}"`;
const flight = (data: string) => `<script ${own}>self.__next_f.push([1,${JSON.stringify(data)}])</script>`;

test.each([
  [
    "a script of another server",
    `<script ${own} src="https://evil.example${start}"></script>`,
    "not of this build",
  ],
  ["an unknown script of this server", `<script ${own} src="/api/x.js"></script>`, "not of this build"],
  ["a script without the nonce", "<script>begin();</script>", "without the page's nonce"],
  ["an unknown inline script", `<script ${own}>begin(); more()</script>`, "unknown text"],
  [
    "code behind the data",
    `<script ${own}>self.__next_f.push([1,"x"]);more([1,"y"])</script>`,
    "unknown text",
  ],
  ["code inside the data", `<script ${own}>self.__next_f.push([1,more()])</script>`, "unknown text"],
  ["integrity left out", `<script ${own} src="${start}"></script>`, "has been left out"],
  ["another integrity", `<script ${own} src="${later}" integrity="sha384-x"></script>`, "is not the build's"],
  ["a script inside a picture", `<svg><script ${own} href="/x.js"></script></svg>`, "not of this build"],
  ["a script inside a template", `<template><script ${own}>x()</script></template>`, "unknown text"],
  ["a handler", `<img src="/a.png" onerror="x()">`, "handler in its markup: onerror"],
  ["an address that runs", `<a href=" JavaScript:x()">x</a>`, "address that runs"],
  ["a frame", `<iframe src="/"></iframe>`, "holds a <iframe>"],
  ["another base", `<base href="https://evil.example/">`, "holds a <base>"],
  ["a redirect in the markup", `<meta http-equiv="refresh" content="0;url=/x">`, "holds a <meta>"],
  ["styles in the page", "<style>a{}</style>", "holds a <style>"],
  [
    "a foreign style sheet",
    `<link rel="stylesheet" href="https://evil.example/a.css">`,
    "something that is not of",
  ],
  ["a form to another server", `<form action="https://evil.example/"></form>`, "goes to another server"],
  ["a picture of another server", `<img src="//evil.example/a.png">`, "goes to another server"],
  ["data that names an unknown file", flight(`5:"/_next/static/chunks/x.js"`), "not of this build"],
  ["data that names a foreign script", flight(`5:"https://evil.example/x.js?a"`), "script of another server"],
  [
    "data that makes a script",
    flight(`0:["$","script",null,{"dangerouslySetInnerHTML":{"__html":"x()"}}]`),
    "makes a <script>",
  ],
  [
    "data in two pieces that makes a frame",
    flight(`0:["$","ifr`) + flight(`ame",null,{}]`),
    "makes a <iframe>",
  ],
])("%s is told", (_, markup, says) => {
  expect(inspect(sound + markup).join("; ")).toContain(says);
});

test("data may make the scripts that our pages have", () => {
  const ours = `0:["$","script","script-0",{"src":"${later}","async":true,"nonce":"${nonce}"}]`;
  const text = `["$","script",null,{"nonce":"x","dangerouslySetInnerHTML":{"__html":"begin();"}}]`;
  expect(inspect(flight(ours + text))).toEqual([]);
});
