/** What is out on the card that lies on the desk. Returned loans cannot be here: the library has forgotten them. */
import { getFormat, getT } from "../i18n";
import { formatDay } from "../library-formats";
import { server } from "../server";
import { Notice } from "../ui/notice";
import { Section } from "../ui/page-frame";

export async function LoansOnCard({ card }: { card: string }) {
  const [t, format, answer] = [
    await getT(),
    await getFormat(),
    await server().librarySystem.readAccount({ id: card }),
  ];
  if (!answer.ok) {
    return (
      <Notice kind="warning">
        <p>{t("desk.unreachable")}</p>
      </Notice>
    );
  }
  const { loans } = answer.account;
  return (
    <Section id="on-card" heading={t("desk.loans")}>
      {loans.length === 0 ? <p>{t("desk.loansNone")}</p> : null}
      <ul className="grid gap-3">
        {loans.map((loan) => (
          <li key={loan.loanId} className="grid border-b border-line pb-3">
            <span className="font-semibold">{loan.title}</span>
            <span className="flex flex-wrap gap-x-4 text-muted">
              {loan.dueOn ? <span>{t("desk.dueOn", { day: formatDay(format, loan.dueOn) })}</span> : null}
              <span className="font-mono">{loan.barcode}</span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
