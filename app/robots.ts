/** What well-behaved crawlers may read: the catalogue's records, nobody's own pages, no searches. */
import type { MetadataRoute } from "next";

export default function robots(): MetadataRoute.Robots {
  return {
    rules: { userAgent: "*", disallow: ["/account", "/api/", "/desk", "/history", "/search", "/sign-in"] },
  };
}
