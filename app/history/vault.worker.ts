/** The thread that holds an open vault. Keys, entries and their search stay here; the page gets what it shows. */
import { expose } from "comlink";
import { openVaultSession } from "@/lib/vault/open/vault-session";
import { secureRandom } from "@/lib/vault/random-bytes";
import { deviceCopies } from "./device-copies";
import { loansOverHttp } from "./loans-over-http";
import { vaultOverHttp } from "./vault-over-http";

/** The reader's own calendar day. */
function today(): string {
  const now = new Date();
  const two = (part: number) => `${part}`.padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

expose(
  openVaultSession({
    server: vaultOverHttp,
    random: secureRandom,
    today,
    readLoans: loansOverHttp,
    memory: deviceCopies,
  }),
);
