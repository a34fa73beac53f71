/** Turning the reading history on, in four short steps. */
import { redirect } from "next/navigation";
import { getT, wordsFor } from "@/app/i18n";
import { server } from "@/app/server";
import { Notice } from "@/app/ui/notice";
import { Page } from "@/app/ui/page-frame";
import { PageTitle } from "@/app/ui/page-title";
import { TextLink } from "@/app/ui/text-link";
import { Words } from "@/app/words";
import { readSession } from "@/lib/auth/session";
import { hasVault } from "@/lib/custody/vault-store";
import { env } from "@/lib/env";
import { LibraryName } from "../library-name";
import { SetUp } from "./set-up";

export default async function SetUpPage() {
  const session = await readSession();
  if (!session) redirect("/sign-in?callbackUrl=/history/setup");
  const t = await getT();
  if (await hasVault(server(), session.patronId)) {
    return (
      <Page heading={t("setup.title")}>
        <PageTitle name={t("setup.title")} />
        <Notice kind="info" heading={t("setup.alreadyOn")}>
          <p>
            <TextLink href="/history">{t("setup.openHistory")}</TextLink>
          </p>
        </Notice>
      </Page>
    );
  }
  return (
    <Page heading={t("setup.title")} lead={t("setup.lead")}>
      <PageTitle name={t("setup.title")} />
      <noscript>
        <Notice kind="warning" heading={t("setup.noScriptHeading")}>
          <p>{t("setup.noScript")}</p>
        </Notice>
      </noscript>
      <Words {...(await wordsFor("common", "setup"))}>
        <LibraryName name={env().LIBRARY_NAME}>
          <SetUp cardNumber={session.card ?? ""} />
        </LibraryName>
      </Words>
    </Page>
  );
}
