import { describe, expect, test } from "vitest";
import { chooseLocale } from "./locale";

describe("the language of a page", () => {
  test("is the patron's stored choice before anything else", () => {
    expect(chooseLocale("en", "es-MX,es;q=0.9")).toBe("en");
  });

  test("follows the browser's best-liked language that we have", () => {
    expect(chooseLocale(undefined, "fr-CH, es-MX;q=0.8, en;q=0.7")).toBe("es");
    expect(chooseLocale(undefined, "en;q=0.2, es;q=0.9")).toBe("es");
  });

  test("is never one that the browser refuses", () => {
    expect(chooseLocale(undefined, "es;q=0")).toBe("en");
  });

  test("is English when nothing is known, or the cookie holds nonsense", () => {
    expect(chooseLocale(undefined, null)).toBe("en");
    expect(chooseLocale("tlh", "xx")).toBe("en");
  });
});
