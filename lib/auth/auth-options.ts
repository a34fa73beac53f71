/** next-auth's settings: card and PIN, an encrypted cookie with the patron's id, name and card number, no pages of its own. */
import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import type { Environment } from "@/lib/env";
import { log } from "@/lib/log";
import { callbackPath } from "./callback-path";
import { clientAddress } from "./client-address";
import { nextAuthCookies, sessionCookies } from "./session-cookies";
import { signedInAt } from "./session-renewal";
import type { SignIn, SignInAttempt } from "./sign-in";
import { writeSignInError } from "./sign-in-error";

export interface AuthMeans {
  environment: Environment;
  signIn(attempt: SignInAttempt): Promise<SignIn>;
}

export function authOptions({ environment, signIn }: AuthMeans): AuthOptions {
  const { AUTH_SECRET, PUBLIC_URL, SESSION_MINUTES, TRUSTED_PROXIES } = environment;
  const cookies = sessionCookies(PUBLIC_URL);
  return {
    secret: AUTH_SECRET,
    useSecureCookies: cookies.attributes.secure,
    cookies: nextAuthCookies(cookies),
    session: { strategy: "jwt", maxAge: SESSION_MINUTES * 60 },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/" },
    providers: [
      CredentialsProvider({
        id: "credentials",
        credentials: { card: { type: "text" }, pin: { type: "password" } },
        async authorize(credentials, request) {
          const address = clientAddress(new Headers(request.headers), TRUSTED_PROXIES);
          const result = await signIn({ card: credentials?.card, pin: credentials?.pin, address }).catch(
            (fault: unknown) => {
              log().error("request-failed", fault, { route: "/api/auth/callback/credentials" });
              return { ok: false, why: "unexpected" } as const;
            },
          );
          if (result.ok)
            return {
              ...result.patron,
              card: credentials?.card,
              ...(result.pass ? { pass: result.pass } : {}),
            };
          // next-auth shows a thrown message in the address, so it is a code and never a fault's own text.
          throw new Error(writeSignInError(result));
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) =>
        user ? { sub: user.id, name: user.name ?? "", ...given(user), ...signedInAt(new Date()) } : token,
      redirect: ({ url }) => callbackPath(url),
    },
    logger: {
      error: (code) => log().warn("unexpected", { code }),
      warn: () => {},
      debug: () => {},
    },
  };
}

/**
 * The card number that was typed, and what the library system gave for this sign-in, go into the encrypted cookie and
 * nowhere else. The card is there so that no passphrase is made of it.
 */
function given(user: object): { card?: string; pass?: string } {
  return {
    ...("card" in user && typeof user.card === "string" ? { card: user.card } : {}),
    ...("pass" in user && typeof user.pass === "string" ? { pass: user.pass } : {}),
  };
}
