/** `GET /.well-known/commonplace-bundles.json`: the hashes of every built file, for others to compare. */
import { openRoute, problem } from "@/app/guarded-route";
import { readServedBundles } from "@/lib/served-bundles";

export const dynamic = "force-dynamic";

export const GET = openRoute("/.well-known/commonplace-bundles.json", async () => {
  const served = await readServedBundles(process.cwd());
  if (!served) return problem(404, "not-built");
  return new Response(new Uint8Array(served.list), {
    headers: { "content-type": "application/json", "cache-control": "no-cache" },
  });
});
