/** The public key of deletion receipts, so that a patron can have theirs checked by anyone. */
import { json, openRoute } from "@/app/guarded-route";
import { server } from "@/app/server";
import { receiptPublicKey } from "@/lib/custody/vault-deletion";
import { toB64 } from "@/lib/vault/base64";

export const GET = openRoute("/api/receipt-key", async () =>
  json({ publicKeyB64: toB64(receiptPublicKey(server())) }),
);
