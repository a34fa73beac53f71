/** What a patron waits for, and what waits for them. Null: the library system does not tell. */
import type { Hold } from "@/lib/circulation/port";
import { getFormat, getT } from "../i18n";
import { formatDay } from "../library-formats";
import { Section } from "../ui/page-frame";
import { TitleLine } from "./title-line";

export async function Holds({ holds }: { holds: Hold[] | null }) {
  const [t, format] = [await getT(), await getFormat()];
  return (
    <Section id="holds" heading={t("account.holds")}>
      {holds === null ? <p>{t("account.holdsUntold")}</p> : null}
      {holds?.length === 0 ? <p>{t("account.holdsNone")}</p> : null}
      <ul className="grid gap-3">
        {holds?.map((hold) => (
          <li key={`${hold.recordId} ${hold.title}`} className="catalogue-card grid gap-2 p-4 sm:p-5">
            <TitleLine title={hold.title} author={hold.author} recordId={hold.recordId} />
            {hold.isReady ? (
              <p>
                <strong className="text-ok">
                  {hold.readyOn
                    ? t("account.holdReady", { day: formatDay(format, hold.readyOn) })
                    : t("account.holdReadyNow")}
                </strong>
              </p>
            ) : (
              <p className="text-muted">
                {hold.placedOn
                  ? t("account.holdWaiting", { day: formatDay(format, hold.placedOn) })
                  : t("account.holdNotYet")}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
