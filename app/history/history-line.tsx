"use client";
/** One loan of the history: its cover, what it is, and its days in words. */
import { useFormatter, useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Cover } from "@/app/ui/cover";
import type { HistoryRow } from "@/lib/vault/unlocked-history";

export function HistoryLine({ row, onRemove }: { row: HistoryRow; onRemove: () => void }) {
  const t = useTranslations("history");
  const title = row.title ?? t("untitled");
  return (
    <li className="grid grid-cols-[min(4.5rem,20vw)_minmax(0,1fr)] gap-x-4 border-b border-line py-4 sm:grid-cols-[4.5rem_minmax(0,1fr)_auto] sm:gap-x-6">
      <Cover
        title={title}
        author={row.author}
        format={row.format}
        className="row-span-2 w-full sm:row-span-1"
      />
      <div className="grid min-w-0 content-start gap-1">
        <h3 tabIndex={-1} className="text-lg">
          <bdi>{title}</bdi>
        </h3>
        {row.author ? (
          <p className="text-muted">
            <bdi>{row.author}</bdi>
          </p>
        ) : null}
        <LoanDays row={row} />
      </div>
      <div className="justify-self-start sm:self-center">
        <ActionButton kind="link" label={`${t("remove")}: ${title}`} onPress={onRemove} className="-ms-1">
          {t("remove")}
        </ActionButton>
      </div>
    </li>
  );
}

function LoanDays({ row }: { row: HistoryRow }) {
  const t = useTranslations("history");
  const format = useFormatter();
  const day = (iso: string) => format.dateTime(new Date(`${iso}T00:00:00Z`), { dateStyle: "medium" });
  const { outOn, dueOn, returnedOn, seenOn, goneOn } = row;
  const isOut = returnedOn === null && goneOn === undefined;
  return (
    <p>
      {isOut ? (
        <strong className="me-2 inline-block rounded-card border border-ok bg-ok-wash px-2 py-0.5 text-base font-semibold text-ok">
          {t("out")}
        </strong>
      ) : null}
      {outOn ? t("borrowedOn", { day: day(outOn) }) : null}
      {!outOn && seenOn ? t("borrowedBy", { day: day(seenOn) }) : null}
      {!outOn && !seenOn ? t("borrowedUnknown") : null}
      {returnedOn ? ` ${t("returnedOn", { day: day(returnedOn) })}` : null}
      {!returnedOn && goneOn ? ` ${t("returnedBy", { day: day(goneOn) })}` : null}
      {isOut && dueOn ? ` ${t("dueOn", { day: day(dueOn) })}` : null}
      {row.renewals.length > 0 ? ` ${t("renewed", { count: row.renewals.length })}` : null}
    </p>
  );
}
