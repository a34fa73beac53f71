import { expect, test } from "vitest";
import { callbackPath } from "./callback-path";

test("a path of this site is kept, with its query", () => {
  expect(callbackPath("/history")).toBe("/history");
  expect(callbackPath("/search?q=a%20b")).toBe("/search?q=a%20b");
});

test.each([
  "https://elsewhere.example/",
  "//elsewhere.example/",
  "/\\elsewhere.example",
  "/\t/elsewhere.example",
  "/a/..//elsewhere.example",
  "javascript:alert(1)",
  "history",
  "",
  undefined,
  ["/history"],
  "/sign-in?callbackUrl=/sign-in",
  "/api/auth/signout",
])("%j leads to the account instead", (wanted) => {
  expect(callbackPath(wanted)).toBe("/account");
});
