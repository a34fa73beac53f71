import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cloths } from "./cover-binding";

const css = readFileSync(new URL("../globals.css", import.meta.url), "utf8");

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** The tokens of the first `:root` block, or of the block for high contrast laid over it. */
function tokens(theme: "light" | "dark", more: boolean): (name: string) => string {
  const values = new Map<string, string>();
  const [ordinary = "", high = ""] = css.split("prefers-contrast: more");
  for (const block of more ? [ordinary, high.split("@theme")[0] ?? ""] : [ordinary]) {
    for (const [, name = "", light = "", dark = ""] of block.matchAll(
      /--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g,
    )) {
      values.set(name, theme === "light" ? light : dark);
    }
  }
  return (name) => values.get(name) ?? expect.fail(`no token --${name}`);
}

const grounds = ["paper", "card", "sunk", "info-wash", "ok-wash", "warning-wash", "danger-wash"];

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test.each([false, true])(
    "body text reads at 7:1 and links, signs and edges at theirs (more contrast: %s)",
    (more) => {
      const of = tokens(theme, more);
      for (const ground of grounds) {
        expect(contrast(of("ink"), of(ground)), `ink on ${ground}`).toBeGreaterThanOrEqual(7);
        expect(contrast(of("accent"), of(ground)), `accent on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
      for (const ground of ["paper", "card"]) {
        expect(contrast(of("muted"), of(ground)), `muted on ${ground}`).toBeGreaterThanOrEqual(7);
        expect(contrast(of("danger"), of(ground)), `danger on ${ground}`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(of("edge"), of(ground)), `edge on ${ground}`).toBeGreaterThanOrEqual(3);
        expect(contrast(of("rule"), of(ground)), `rule on ${ground}`).toBeGreaterThanOrEqual(3);
      }
      expect(contrast(of("on-accent"), of("accent"))).toBeGreaterThanOrEqual(7);
      expect(contrast(of("on-danger"), of("danger"))).toBeGreaterThanOrEqual(7);
      for (const sign of ["ok", "warning", "danger"]) {
        expect(contrast(of(sign), of(`${sign}-wash`)), `${sign} on its wash`).toBeGreaterThanOrEqual(4.5);
      }
    },
  );
});

test("every cover's foil reads at 7:1 on its cloth", () => {
  for (const { cloth, foil } of cloths) expect(contrast(cloth, foil), cloth).toBeGreaterThanOrEqual(7);
});
