/** The patron's current loans, holds and fines: read live from the library system, shown, and forgotten. */
import { redirect } from "next/navigation";
import { readSession } from "@/lib/auth/session";
import { getT } from "../i18n";
import { server } from "../server";
import { ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page, Section } from "../ui/page-frame";
import { PageTitle } from "../ui/page-title";
import { Fines } from "./fines";
import { Holds } from "./holds";
import { Loans } from "./loans";

export default async function AccountPage() {
  const session = await readSession();
  if (!session) redirect("/sign-in?callbackUrl=/account");
  const { librarySystem, today } = server();
  const [t, answer] = [await getT(), await librarySystem.readAccount(session.patronId)];
  return (
    <Page heading={t("account.title")} lead={t("account.lead")}>
      <PageTitle name={t("account.title")} />
      <p className="text-muted">{t("account.signedInAs", { name: session.name })}</p>
      {answer.ok ? (
        <>
          <Loans loans={answer.account.loans} today={today()} />
          <Holds holds={answer.account.holds} />
          <Fines fines={answer.account.fines} />
        </>
      ) : (
        <Notice kind="warning" announce="alert" heading={t("account.unreachableHeading")}>
          <p>{t("account.unreachable")}</p>
        </Notice>
      )}
      <Section id="before" heading={t("account.historyHeading")}>
        <p>{t("account.history")}</p>
        <ButtonLink kind="quiet" href="/history" className="justify-self-start">
          {t("account.historyLink")}
        </ButtonLink>
      </Section>
    </Page>
  );
}
