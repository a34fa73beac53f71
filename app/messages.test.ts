import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, test } from "vitest";
import en from "../messages/en.json";
import es from "../messages/es.json";

type Tree = { [key: string]: string | Tree };
type Ast = ReturnType<IntlMessageFormat["getAst"]>;

function flatten(tree: Tree, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string"
        ? [[`${prefix}${key}`, value] as const]
        : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

/** The names that a message asks for, with their kind: arguments, plurals, tags. */
function argumentsOf(ast: Ast): string[] {
  return ast.flatMap((element) => {
    const own = "value" in element && element.type !== 0 ? [`${element.type}:${element.value}`] : [];
    const inner = "children" in element ? element.children : [];
    const branches =
      "options" in element ? Object.values(element.options).flatMap((option) => option.value) : [];
    return [...own, ...argumentsOf(inner), ...argumentsOf(branches)];
  });
}

function wants(message: string, locale: string): string[] {
  return [...new Set(argumentsOf(new IntlMessageFormat(message, locale).getAst()))].sort();
}

const [english, spanish] = [flatten(en), flatten(es)];

describe("the messages", () => {
  test("exist in Spanish exactly where they exist in English", () => {
    expect([...spanish.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test.each([...english])("ask for the same arguments in both languages: %s", (key, message) => {
    expect(wants(spanish.get(key) ?? "", "es")).toEqual(wants(message, "en"));
  });

  test("are never empty", () => {
    for (const [key, message] of [...english, ...spanish]) expect(message.trim(), key).not.toBe("");
  });
});
