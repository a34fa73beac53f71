/** The loans out to a patron, with their due days in words. */
import { daysBetween } from "@/lib/circulation/library-day";
import type { CurrentLoan } from "@/lib/circulation/port";
import { getFormat, getT, type T } from "../i18n";
import { formatDay } from "../library-formats";
import { Section } from "../ui/page-frame";
import { TitleLine } from "./title-line";

interface LoansProps {
  loans: CurrentLoan[];
  unlistedLoans: number;
  today: string;
}

export async function Loans({ loans, unlistedLoans, today }: LoansProps) {
  const [t, format] = [await getT(), await getFormat()];
  return (
    <Section id="loans" heading={t("account.loans")}>
      {loans.length === 0 && unlistedLoans === 0 ? <p>{t("account.loansNone")}</p> : null}
      <ul className="grid gap-3">
        {loans.map((loan) => (
          <li
            key={loan.loanId ?? loan.barcode ?? loan.title}
            className="catalogue-card grid gap-2 p-4 sm:p-5"
          >
            <TitleLine title={loan.title} author={loan.author} recordId={loan.recordId} />
            {loan.dueOn === null ? (
              <p>{t("account.dueUnknown")}</p>
            ) : (
              <p>
                <DueState t={t} dueOn={loan.dueOn} today={today} />{" "}
                <span>{t("account.dueOn", { day: formatDay(format, loan.dueOn) })}</span>
              </p>
            )}
            <p className="text-muted">
              {[
                loan.renewals === null ? null : t("account.renewed", { count: loan.renewals }),
                loan.barcode === null ? null : t("account.barcode", { barcode: loan.barcode }),
              ]
                .filter((told) => told !== null)
                .join(" · ")}
            </p>
          </li>
        ))}
      </ul>
      {unlistedLoans > 0 ? <p>{t("account.unlisted", { count: unlistedLoans })}</p> : null}
      <p className="text-muted">{t("account.loansForgotten")}</p>
    </Section>
  );
}

function DueState({ t, dueOn, today }: { t: T; dueOn: string; today: string }) {
  const days = daysBetween(today, dueOn);
  if (days < 0) return <strong className="text-danger">{t("account.due.overdue", { days: -days })}.</strong>;
  if (days === 0) return <strong className="text-warning">{t("account.due.today")}.</strong>;
  return <strong>{t("account.due.later", { days })}.</strong>;
}
