/** Names and attributes of the cookies that carry a session. Their names tell the browser what to insist on. */
import type { CookiesOptions } from "next-auth";

export interface CookieAttributes {
  httpOnly: true;
  sameSite: "lax";
  path: "/";
  secure: boolean;
}

export interface SessionCookies {
  session: string;
  csrf: string;
  callback: string;
  attributes: CookieAttributes;
}

/** Under https each name begins with `__Host-`: a browser then refuses it from a subdomain or over http. */
export function sessionCookies(publicUrl: string | undefined): SessionCookies {
  const secure = publicUrl?.startsWith("https://") ?? false;
  const prefix = secure ? "__Host-" : "";
  return {
    session: `${prefix}session`,
    csrf: `${prefix}csrf`,
    callback: `${prefix}callback`,
    attributes: { httpOnly: true, sameSite: "lax", path: "/", secure },
  };
}

/** The same cookies in the shape next-auth asks for. */
export function nextAuthCookies(cookies: SessionCookies): Partial<CookiesOptions> {
  const options = cookies.attributes;
  return {
    sessionToken: { name: cookies.session, options },
    csrfToken: { name: cookies.csrf, options },
    callbackUrl: { name: cookies.callback, options },
  };
}
