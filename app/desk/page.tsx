/** The demo library's self-service desk: card, items, fines. It shows the current loans of the card that lies on it. */
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getFormat, getT, wordsFor } from "../i18n";
import { formatCents } from "../library-formats";
import { server } from "../server";
import { Notice } from "../ui/notice";
import { Page } from "../ui/page-frame";
import { PageTitle } from "../ui/page-title";
import { Words } from "../words";
import { readDeskCard } from "./desk-card";
import { DeskForms } from "./desk-forms";
import { LoansOnCard } from "./loans-on-card";

export const metadata: Metadata = { robots: { index: false } };

export default async function DeskPage() {
  const { desk } = server();
  if (desk === null) notFound();
  const [t, format, card] = [await getT(), await getFormat(), await readDeskCard()];
  const unpaid = card === null ? [] : await desk.readUnpaid(card);
  const fines = unpaid.map(({ cents, ...fine }) => ({ ...fine, sum: formatCents(format, cents) }));
  return (
    <Page heading={t("desk.title")} lead={t("desk.lead")}>
      <PageTitle name={t("desk.title")} />
      <Words {...(await wordsFor("desk"))}>
        <DeskForms cardEnding={card === null ? null : card.slice(-4)} fines={fines} />
      </Words>
      {card === null ? null : <LoansOnCard card={card} />}
      <Notice heading={t("desk.demoHeading")}>
        <p>{t("desk.demo")}</p>
      </Notice>
    </Page>
  );
}
