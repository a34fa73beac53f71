/** `GET /.well-known/commonplace-bundles.json.sig`: the builders' signature over the list's bytes; 404 when nobody signed. */
import { openRoute, problem } from "@/app/guarded-route";
import { readServedBundles } from "@/lib/served-bundles";

export const dynamic = "force-dynamic";

export const GET = openRoute("/.well-known/commonplace-bundles.json.sig", async () => {
  const signature = (await readServedBundles(process.cwd()))?.signature;
  if (!signature) return problem(404, "not-signed");
  return new Response(new Uint8Array(signature), {
    headers: { "content-type": "application/octet-stream", "cache-control": "no-cache" },
  });
});
