/** The reading history: locked or open for a patron who has one, an invitation for one who has not. */
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getT, wordsFor } from "@/app/i18n";
import { server } from "@/app/server";
import { ButtonLink } from "@/app/ui/button";
import { Card, Page } from "@/app/ui/page-frame";
import { TextLink } from "@/app/ui/text-link";
import { Words } from "@/app/words";
import { readSession } from "@/lib/auth/session";
import { hasVault } from "@/lib/custody/vault-store";
import { HistoryScreen } from "./history-screen";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getT();
  return { title: t("history.title") };
}

export default async function HistoryPage() {
  const session = await readSession();
  if (!session) redirect("/sign-in?callbackUrl=/history");
  const t = await getT();
  if (!(await hasVault(server(), session.patronId))) {
    return (
      <Page heading={t("history.title")} lead={t("history.offLead")}>
        <Card>
          <p>{t("history.off")}</p>
          <div className="flex flex-wrap items-center gap-4">
            <ButtonLink href="/history/setup">{t("setup.turnOn")}</ButtonLink>
            <TextLink href="/privacy">{t("history.whoCanRead")}</TextLink>
          </div>
        </Card>
      </Page>
    );
  }
  return (
    <Page heading={t("history.title")} lead={t("history.lead")} width="page">
      <Words {...(await wordsFor("common", "errors", "history"))}>
        <HistoryScreen />
      </Words>
    </Page>
  );
}
