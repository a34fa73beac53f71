/** The two forms that next-auth answers: sign in and sign out. Its other pages and addresses are not served. */
import { setTimeout as pause } from "node:timers/promises";
import { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { openRoute, problem, readText } from "@/app/guarded-route";
import { server } from "@/app/server";
import { answerSignIn, answerSignOut } from "@/lib/auth/auth-answer";
import { authOptions } from "@/lib/auth/auth-options";
import { callbackPath } from "@/lib/auth/callback-path";
import { isOwnDevice } from "@/lib/auth/own-device-cookie";
import { sessionCookies } from "@/lib/auth/session-cookies";
import { signIn } from "@/lib/auth/sign-in";
import { env } from "@/lib/env";

const maxFormBytes = 8192;
const paths = { signIn: "/api/auth/callback/credentials", signOut: "/api/auth/signout" };

export const POST = openRoute("/api/auth", async ({ request }) => {
  const { pathname } = new URL(request.url);
  if (pathname !== paths.signIn && pathname !== paths.signOut) return problem(404, "not-found");
  const text = await readText(request, maxFormBytes);
  if (text === null) return problem(413, "too-large");
  const form = new URLSearchParams(text);
  const wanted = callbackPath(form.get("callbackUrl"));
  const params = { nextauth: pathname.split("/").slice(3) };
  const answer: Response = await NextAuth(withForm(request, form, wanted), { params }, nextAuthOptions());
  const cookies = sessionCookies(env().PUBLIC_URL);
  if (pathname === paths.signIn) return answerSignIn(answer, cookies, wanted);
  return answerSignOut(answer, cookies, { ownDevice: isOwnDevice(request) });
});

/** The same request with the fields that next-auth may see, and no query. */
function withForm(request: Request, form: URLSearchParams, wanted: string): NextRequest {
  const body = new URLSearchParams({ callbackUrl: wanted });
  for (const name of ["csrfToken", "card", "pin"]) body.set(name, form.get(name) ?? "");
  const headers = new Headers(request.headers);
  headers.set("content-type", "application/x-www-form-urlencoded");
  headers.delete("content-length");
  return new NextRequest(new URL(new URL(request.url).pathname, request.url), {
    method: "POST",
    headers,
    body,
  });
}

function nextAuthOptions() {
  const { db, keyring, librarySystem } = server();
  const { hashKey } = keyring;
  const means = {
    db,
    librarySystem,
    hashKey,
    now: () => new Date(),
    pause: (millis: number) => pause(millis),
  };
  return authOptions({ environment: env(), signIn: (attempt) => signIn(means, attempt) });
}
