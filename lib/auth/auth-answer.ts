/** Turns next-auth's answers into ours: redirects to paths, closed codes, and cookies that end with the browser. */
import { callbackPath } from "./callback-path";
import type { SessionCookies } from "./session-cookies";
import { readSignInError } from "./sign-in-error";

/** A success goes to the wanted path; a refusal back to the sign-in page with a code and the same wish. */
export function answerSignIn(answer: Response, cookies: SessionCookies, wanted: string): Response {
  const location = answer.headers.get("location") ?? "";
  const path = callbackPath(wanted);
  if (location.startsWith("/")) return redirectTo(path, keptCookies(answer, cookies));
  const asked = URL.canParse(location) ? new URL(location).searchParams : new URLSearchParams();
  const { code, ...rest } = asked.get("csrf")
    ? { code: "form-expired" }
    : readSignInError(asked.get("error") ?? "unexpected");
  const query = new URLSearchParams({ error: "minutes" in rest ? `${code}.${rest.minutes}` : code });
  if (path !== "/account") query.set("callbackUrl", path);
  return redirectTo(`/sign-in?${query}`, []);
}

/**
 * Ends the session. `Clear-Site-Data` also makes the browser forget pages, storage and workers; the cookies are
 * ended one by one as well, because a browser obeys that header only on a secure address. A reader's own device keeps its
 * storage, which is sealed, and the cookie that says so: without it, the next sign-out would clear the storage.
 */
export function answerSignOut(
  answer: Response,
  cookies: SessionCookies,
  { ownDevice }: { ownDevice: boolean },
): Response {
  const location = answer.headers.get("location") ?? "";
  if (!location.startsWith("/")) return redirectTo("/sign-in?error=form-expired", []);
  const { secure } = cookies.attributes;
  const ended = [cookies.session, cookies.csrf, cookies.callback].map(
    (name) => `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`,
  );
  const response = redirectTo("/", ended);
  response.headers.set("clear-site-data", ownDevice ? '"cache"' : '"cache", "cookies", "storage"');
  return response;
}

/** Without `Expires`, so that closing the browser ends the session; the token inside ends by itself. */
function keptCookies(answer: Response, cookies: SessionCookies): string[] {
  return answer.headers
    .getSetCookie()
    .filter((cookie) => cookie.startsWith(`${cookies.session}=`))
    .map((cookie) => cookie.replace(/; Expires=[^;]*/i, ""));
}

function redirectTo(path: string, setCookies: string[]): Response {
  const headers = new Headers({ location: path, "cache-control": "no-store" });
  for (const cookie of setCookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}
