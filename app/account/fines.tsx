/** What a patron owes: for late items that are back, and for those that are still out. Null: the library system does not tell. */
import type { Fine } from "@/lib/circulation/port";
import { getFormat, getT } from "../i18n";
import { formatCents } from "../library-formats";
import { Section } from "../ui/page-frame";

export async function Fines({ fines }: { fines: Fine[] | null }) {
  const [t, format] = [await getT(), await getFormat()];
  const total = (fines ?? []).reduce((sum, fine) => sum + fine.cents, 0);
  return (
    <Section id="fines" heading={t("account.fines")}>
      {fines === null ? <p>{t("account.finesUntold")}</p> : null}
      {fines?.length === 0 ? <p>{t("account.finesNone")}</p> : null}
      <ul className="grid gap-3">
        {fines?.map((fine) => (
          <li
            key={`${fine.title} ${fine.returned}`}
            className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line pb-3"
          >
            <span className="grid">
              <span className="font-semibold">{fine.title ?? t("account.finesAll")}</span>
              {fine.returned === null ? null : (
                <span className="text-muted">
                  {t(fine.returned ? "account.fineReturned" : "account.fineGrowing")}
                </span>
              )}
            </span>
            <span className="tabular-nums">{formatCents(format, fine.cents)}</span>
          </li>
        ))}
      </ul>
      {fines && fines.length > 1 ? (
        <p className="font-semibold">{t("account.finesTotal", { sum: formatCents(format, total) })}</p>
      ) : null}
      <p className="text-muted">{t("account.finesForgotten")}</p>
    </Section>
  );
}
