/**
 * The page's default Trusted Types policy: script addresses pass only when they are our own built files; markup and
 * script text never pass. An address passes unchanged: a rewritten one makes navigation hang.
 */

const policy = `if (self.trustedTypes) trustedTypes.createPolicy("default", {
  createScriptURL(address) {
    const url = new URL(address, location.href);
    return url.origin === location.origin && url.pathname.startsWith("/_next/static/") ? address : null;
  }
});`;

/** Live reloading evaluates text; only a development server sends this. */
const developmentPolicy = policy.replace(
  "createScriptURL",
  "createScript: (text) => text,\n  createScriptURL",
);

export function TrustedTypesPolicy({ nonce }: { nonce: string }) {
  const text = process.env.NODE_ENV === "development" ? developmentPolicy : policy;
  return (
    // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file, under the page's nonce
    <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: text }} />
  );
}
