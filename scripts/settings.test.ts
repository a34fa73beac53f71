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
