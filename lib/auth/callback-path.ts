/** Where a reader goes after signing in: a path of this site and nothing else. */

const fallback = "/account";

/** The path and query of `wanted`; `/account` for another site's address, a script, or anything doubtful. */
export function callbackPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !/^\/[^\\\p{Cc}]*$/u.test(wanted)) return fallback;
  // A name that cannot be had, so that only a path stays on it.
  const base = "http://site.invalid";
  if (!URL.canParse(wanted, base)) return fallback;
  const { origin, pathname, search } = new URL(wanted, base);
  if (origin !== base || pathname.startsWith("//")) return fallback;
  return pathname.startsWith("/sign-in") || pathname.startsWith("/api/") ? fallback : `${pathname}${search}`;
}
