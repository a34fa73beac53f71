import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { setTitle, widthOf } from "./cover-lines";

const sizes = [17, 14, 12, 10];

describe("a title on a drawn cover", () => {
  test("is broken between words, never inside one that fits", () => {
    const { lines } = setTitle("The Left Hand of Darkness", sizes, 84, 90);
    expect(lines.join(" ")).toBe("The Left Hand of Darkness");
    expect(lines.length).toBeGreaterThan(1);
  });

  test("keeps every word when it is short enough, whatever the script", () => {
    for (const title of [
      "红楼梦",
      "ألف ليلة وليلة",
      "Война и мир",
      "Cien años de soledad",
      "源氏物語",
      "สี่แผ่นดิน",
    ]) {
      const { lines } = setTitle(title, sizes, 84, 90);
      expect(lines.join("").replaceAll(" ", "")).toBe(title.replaceAll(" ", ""));
    }
  });

  test("is cut with an ellipsis when it cannot fit", () => {
    const { lines, sizePx } = setTitle("Extraordinary popular delusions ".repeat(12), sizes, 84, 90);
    expect(sizePx).toBe(10);
    expect(lines.at(-1)).toMatch(/…$/);
  });

  test("never leaves its box, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (title) => {
        const { lines, sizePx } = setTitle(title, sizes, 84, 90);
        expect(lines.length * sizePx * 1.22).toBeLessThanOrEqual(90);
        for (const line of lines) {
          if ([...line].length > 2) expect(widthOf(line, sizePx)).toBeLessThanOrEqual(84);
        }
      }),
    );
  });
});
