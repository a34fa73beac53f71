import { encode } from "next-auth/jwt";
import { expect, test } from "vitest";
import { answerSignIn, answerSignOut } from "./auth-answer";
import { makeCsrfCookie, openCsrfCookie } from "./csrf-cookie";
import { isOwnDevice } from "./own-device-cookie";
import { openSession } from "./session";
import { sessionCookies } from "./session-cookies";
import { readSignInError, writeSignInError } from "./sign-in-error";

const secret = "s".repeat(32);
const cookies = sessionCookies("https://catalogue.example.org");

function nextAuthAnswer(location: string, ...setCookies: string[]): Response {
  const headers = new Headers({ location });
  for (const cookie of setCookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 302, headers });
}

test("a success keeps the session cookie alone, and it ends with the browser", () => {
  const session =
    "__Host-session=x; Path=/; Expires=Sun, 01 Mar 2026 12:30:00 GMT; HttpOnly; Secure; SameSite=Lax";
  const answer = answerSignIn(
    nextAuthAnswer("/history", session, "__Host-callback=%2Fhistory; Path=/"),
    cookies,
    "/history",
  );
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe("/history");
  expect(answer.headers.getSetCookie()).toEqual(["__Host-session=x; Path=/; HttpOnly; Secure; SameSite=Lax"]);
});

test("a refusal goes back with its code and the wish, and sets nothing", () => {
  const location = "http://localhost:3000/api/auth/error?error=too-many-attempts.7";
  const answer = answerSignIn(nextAuthAnswer(location, "__Host-session=x"), cookies, "/history");
  expect(answer.headers.get("location")).toBe("/sign-in?error=too-many-attempts.7&callbackUrl=%2Fhistory");
  expect(answer.headers.getSetCookie()).toEqual([]);
});

test("text that is no code of ours never reaches the address", () => {
  const location = "http://localhost:3000/api/auth/error?error=Failed+query+params+23529000000001";
  expect(answerSignIn(nextAuthAnswer(location), cookies, "/account").headers.get("location")).toBe(
    "/sign-in?error=unexpected",
  );
});

test("a form whose token does not fit is told apart", () => {
  const location = "http://localhost:3000/api/auth/signin?csrf=true";
  expect(answerSignIn(nextAuthAnswer(location), cookies, "/account").headers.get("location")).toBe(
    "/sign-in?error=form-expired",
  );
  const refused = answerSignOut(nextAuthAnswer("http://localhost:3000/api/auth/signout?csrf=true"), cookies, {
    ownDevice: false,
  });
  expect(refused.headers.has("clear-site-data")).toBe(false);
  expect(refused.headers.getSetCookie()).toEqual([]);
});

test("signing out ends every cookie of the session and clears the site's data", () => {
  const answer = answerSignOut(nextAuthAnswer("/account"), cookies, { ownDevice: false });
  expect(answer.headers.get("clear-site-data")).toBe('"cache", "cookies", "storage"');
  expect(answer.headers.get("location")).toBe("/");
  const ended = answer.headers.getSetCookie();
  expect(ended.map((cookie) => cookie.split("=")[0])).toEqual([
    "__Host-session",
    "__Host-csrf",
    "__Host-callback",
  ]);
  for (const cookie of ended)
    expect(cookie).toMatch(/^[^;]+=; Path=\/; Max-Age=0; HttpOnly; SameSite=Lax; Secure$/);
});

test("signing out on a reader's own device ends the same cookies and leaves the sealed storage", () => {
  const request = (cookie: string) => new Request("http://localhost/", { headers: { cookie } });
  expect(isOwnDevice(request("theme=dark; own-device=1"))).toBe(true);
  expect(isOwnDevice(request("not-own-device=1; own-device=0"))).toBe(false);
  const answer = answerSignOut(nextAuthAnswer("/account"), cookies, { ownDevice: true });
  expect(answer.headers.get("clear-site-data")).toBe('"cache"');
  expect(answer.headers.getSetCookie()).toHaveLength(3);
});

test("cookies have the __Host- prefix and Secure under https only", () => {
  expect(sessionCookies(undefined)).toMatchObject({
    session: "session",
    attributes: { secure: false, httpOnly: true },
  });
  expect(cookies).toMatchObject({ session: "__Host-session", attributes: { secure: true, sameSite: "lax" } });
});

test("a session cookie opens under its own secret, and not when it is older than its time or changed", async () => {
  const token = await encode({ token: { sub: "1", name: "Demo patron 1" }, secret, maxAge: 60 });
  expect(await openSession(token, secret)).toEqual({ patronId: "1", name: "Demo patron 1" });
  expect(await openSession(token, "t".repeat(32))).toBeNull();
  expect(await openSession(`${token.slice(0, -2)}AA`, secret)).toBeNull();
  expect(await openSession("nonsense", secret)).toBeNull();
  const ended = await encode({ token: { sub: "1", name: "Demo patron 1" }, secret, maxAge: -60 });
  expect(await openSession(ended, secret)).toBeNull();
});

test("a form token counts only in a cookie of ours", () => {
  const cookie = makeCsrfCookie(secret);
  expect(openCsrfCookie(cookie, secret)).toBe(cookie.split("|")[0]);
  expect(openCsrfCookie(cookie, "t".repeat(32))).toBeNull();
  expect(openCsrfCookie("token", secret)).toBeNull();
  expect(openCsrfCookie(undefined, secret)).toBeNull();
});

test("a wait is rounded up to minutes, and foreign codes are read as a fault of ours", () => {
  const code = writeSignInError({ ok: false, why: "too-many-attempts", retryAfterSeconds: 61 });
  expect(readSignInError(code)).toEqual({ code: "too-many-attempts", minutes: 2 });
  expect(readSignInError("<b>")).toEqual({ code: "unexpected" });
  expect(readSignInError("too-many-attempts.9e99")).toEqual({ code: "too-many-attempts", minutes: 60 });
});
