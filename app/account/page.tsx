/** The patron's current loans, holds and fines: read live from the library system, shown, and forgotten. */
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { readSession } from "@/lib/auth/session";
import { getT } from "../i18n";
import { server } from "../server";
import { ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page, Section } from "../ui/page-frame";
import { Fines } from "./fines";
import { Holds } from "./holds";
import { Loans } from "./loans";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT())("account.title") };
}

export default async function AccountPage() {
  const session = await readSession();
  if (!session) redirect("/sign-in?callbackUrl=/account");
  const { librarySystem, today } = server();
  const [t, answer] = [await getT(), await librarySystem.readAccount(session.patronId)];
  return (
    <Page heading={t("account.title")} lead={t("account.lead")}>
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
