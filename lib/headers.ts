/** The security headers of every answer: what a page may load, run, send, and to whom it shows itself. */

/** Browser features that nothing here needs, all refused; passkeys and the copying of a shown key are allowed, to this origin. */
const refusedFeatures = [
  "accelerometer",
  "autoplay",
  "browsing-topics",
  "camera",
  "clipboard-read",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "gamepad",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "local-fonts",
  "magnetometer",
  "microphone",
  "midi",
  "otp-credentials",
  "payment",
  "picture-in-picture",
  "screen-wake-lock",
  "serial",
  "storage-access",
  "usb",
  "window-management",
  "xr-spatial-tracking",
];

const permissionsPolicy = [
  ...refusedFeatures.map((feature) => `${feature}=()`),
  "clipboard-write=(self)",
  "publickey-credentials-create=(self)",
  "publickey-credentials-get=(self)",
].join(", ");

const everywhere: Record<string, string> = {
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": permissionsPolicy,
  // [Note: why not no-referrer] Under no-referrer a browser sends `Origin: null` with a form, and then the
  // server cannot tell its own forms from a stranger's. same-origin still tells other sites nothing.
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Pages whose answer belongs to one patron or one search, and so to no cache. */
const uncached = /^\/(history|account|desk|sign-in|search|api)(\/|$)/;

/** What a page may do. `development` admits the evaluation, inline styles and socket that live reloading needs. */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ""}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default nextjs",
  ].join("; ");
}

/** The headers of a rendered page or an answer of the API. */
export function pageHeaders(page: {
  path: string;
  nonce: string;
  https: boolean;
  development: boolean;
}): Record<string, string> {
  return {
    ...everywhere,
    "Content-Security-Policy": contentSecurityPolicy(page.nonce, page.development),
    ...(page.https ? { "Strict-Transport-Security": "max-age=63072000; includeSubDomains" } : {}),
    ...(uncached.test(page.path) ? { "Cache-Control": "no-store" } : {}),
  };
}

/**
 * The headers of built files. A worker lives under the policy of its own file, so the policy is here too. It asks for no
 * Trusted Types: the worker's first lines, which Next writes, hand plain strings to importScripts and would be refused.
 */
export function staticHeaders(development: boolean): Record<string, string> {
  const workerPolicy = [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ""}`,
    `connect-src 'self'${development ? " ws:" : ""}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return { ...everywhere, "Content-Security-Policy": workerPolicy };
}
