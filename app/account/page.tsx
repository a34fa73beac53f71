/** The patron's current loans, holds and fines: read live from the library system, shown, and forgotten. */
import { redirect } from "next/navigation";
import { readSession } from "@/lib/auth/session";
import { getT, type T } from "../i18n";
import { server } from "../server";
import { ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page, Section } from "../ui/page-frame";
import { PageTitle } from "../ui/page-title";
import { UnopenedNotice } from "../unopened-notice";
import { Fines } from "./fines";
import { Holds } from "./holds";
import { Loans } from "./loans";

export default async function AccountPage() {
  const session = await readSession();
  if (!session) redirect("/sign-in?callbackUrl=/account");
  const { librarySystem, today } = server();
  const { patronId: id, pass, name } = session;
  const [t, answer] = [await getT(), await librarySystem.readAccount({ id, pass })];
  const { holds, fines } = librarySystem.capabilities;
  return (
    <Page heading={t("account.title")} lead={answer.ok ? t("account.lead") : null}>
      <PageTitle name={t("account.title")} />
      <UnopenedNotice patronId={session.patronId} withLink />
      <p className="text-muted">{t("account.signedInAs", { name })}</p>
      {answer.ok ? (
        <>
          <Loans {...answer.account} today={today()} />
          <Holds holds={holds ? answer.account.holds : null} />
          <Fines fines={fines === "none" ? null : answer.account.fines} />
        </>
      ) : (
        <NotRead t={t} isPassEnded={answer.why === "sign-in-again"} />
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

function NotRead({ t, isPassEnded }: { t: T; isPassEnded: boolean }) {
  const why = isPassEnded ? "passEnded" : "unreachable";
  return (
    <Notice kind="warning" announce="alert" heading={t(`account.${why}Heading`)}>
      <p>{t(`account.${why}`)}</p>
    </Notice>
  );
}
