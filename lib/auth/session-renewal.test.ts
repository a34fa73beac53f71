import { decode, encode } from "next-auth/jwt";
import { expect, test } from "vitest";
import { openSession } from "./session";
import { longestSessionSeconds, renewToken } from "./session-renewal";

const secret = "s".repeat(32);
const sessionSeconds = 1800;
const nowSeconds = Math.floor(Date.now() / 1000);
const means = { secret, sessionSeconds, now: new Date(nowSeconds * 1000) };
const person = { sub: "1", name: "Demo patron 1" };

function token(signedInSecondsAgo: number, leftSeconds: number): Promise<string> {
  return encode({
    token: { ...person, since: nowSeconds - signedInSecondsAgo },
    secret,
    maxAge: leftSeconds,
  });
}

async function timesOf(renewed: string | null) {
  const claims = await decode({ token: renewed ?? "", secret });
  return { since: claims?.since, leftSeconds: Number(claims?.exp) - nowSeconds };
}

test("a token with more than half of its time left stays as it is", async () => {
  expect(await renewToken(await token(800, 1000), means)).toBeNull();
});

test("past half of its time it gets its full time, for the same patron, and keeps the time of the sign-in", async () => {
  const renewed = await renewToken(await token(4000, 800), means);
  expect(await openSession(renewed ?? "", secret)).toEqual({ patronId: "1", name: "Demo patron 1" });
  const { since, leftSeconds } = await timesOf(renewed);
  expect(since).toBe(nowSeconds - 4000);
  expect(leftSeconds).toBeGreaterThanOrEqual(sessionSeconds);
  expect(leftSeconds).toBeLessThan(sessionSeconds + 30);
});

test("the card number, and what the library system gave to read with, go on in the renewed token", async () => {
  const claims = { ...person, card: "23529", pass: "a pass", since: nowSeconds - 4000 };
  const renewed = await renewToken(await encode({ token: claims, secret, maxAge: 800 }), means);
  expect(await openSession(renewed ?? "", secret)).toEqual({
    patronId: "1",
    name: "Demo patron 1",
    card: "23529",
    pass: "a pass",
  });
});

test("no session is longer than the longest, however much it is used", async () => {
  const nearEnd = await renewToken(await token(longestSessionSeconds - 600, 300), means);
  expect((await timesOf(nearEnd)).leftSeconds).toBeLessThan(630);
  expect(await renewToken(await token(longestSessionSeconds - 300, 300), means)).toBeNull();
  expect(await renewToken(await token(longestSessionSeconds + 10, 300), means)).toBeNull();
});

test("a token that has ended, is another's, or tells no sign-in is not renewed", async () => {
  expect(await renewToken(await token(4000, -60), means)).toBeNull();
  expect(await renewToken(await token(4000, 800), { ...means, secret: "t".repeat(32) })).toBeNull();
  expect(await renewToken(await encode({ token: person, secret, maxAge: 60 }), means)).toBeNull();
  expect(await renewToken("nonsense", means)).toBeNull();
});
