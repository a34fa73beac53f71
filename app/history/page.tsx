/** The reading history of the signed-in patron. The server knows only whether there is one. */
import { redirect } from "next/navigation";
import { getT, wordsFor } from "@/app/i18n";
import { server } from "@/app/server";
import { Page } from "@/app/ui/page-frame";
import { UnopenedNotice } from "@/app/unopened-notice";
import { Words } from "@/app/words";
import { readSession } from "@/lib/auth/session";
import { readPasskeys, readVaultId } from "@/lib/custody/vault-store";
import { env } from "@/lib/env";
import { PageTitle } from "../ui/page-title";
import { HistoryScreen } from "./history-screen";
import { LibraryName } from "./library-name";

export default async function HistoryPage() {
  const session = await readSession();
  if (!session) redirect("/sign-in?callbackUrl=/history");
  const t = await getT();
  return (
    <Page heading={t("history.title")} lead={t("history.lead")} width="page">
      <PageTitle name={t("history.title")} />
      <UnopenedNotice patronId={session.patronId} />
      <Words {...(await wordsFor("common", "history", "setup", "portable"))}>
        <LibraryName name={env().LIBRARY_NAME}>
          <HistoryScreen
            vaultId={await readVaultId(server(), session.patronId)}
            cardNumber={session.card ?? ""}
            visits={server().librarySystem.capabilities.visits}
            passkeys={await readPasskeys(server(), session.patronId)}
          />
        </LibraryName>
      </Words>
    </Page>
  );
}
