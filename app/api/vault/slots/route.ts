/** Changes the ways to unlock the patron's vault: a new passphrase, recovery code or passkey, or one passkey less. */
import { json, problem } from "@/app/guarded-route";
import { server } from "@/app/server";
import { changeSlots } from "@/lib/custody/slot-change";
import { vaultRoute } from "../vault-route";
import { slotChangeWire } from "../wire";

export const PUT = vaultRoute("/api/vault/slots", async ({ session, read }) => {
  const change = await read(slotChangeWire);
  const outcome = await changeSlots(server(), session.patronId, change, new Date());
  if (outcome.ok) return json({});
  return problem({ conflict: 409, refused: 422, "no-vault": 404 }[outcome.why], outcome.why);
});
