/** Reads what is out to the patron now, for the vault's worker. The request names nothing. */
import { visitWire } from "@/app/api/vault/wire";
import type { ReadLoans } from "@/lib/vault/visited-loan";

export const loansOverHttp: ReadLoans = async () => {
  try {
    const answer = await fetch("/api/vault/loans", {
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
    });
    if (answer.status === 401) return { ok: false, why: "signed-out" };
    if (answer.status === 503) return { ok: false, why: "library-away" };
    const visit = visitWire.safeParse(await answer.json());
    return answer.ok && visit.success ? { ok: true, visit: visit.data } : { ok: false, why: "library-away" };
  } catch {
    return { ok: false, why: "offline" };
  }
};
