"use client";
/** The loans, newest first, some at a time. No line links anywhere: a link would name its title to the server. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { ConfirmDialog } from "@/app/ui/confirm-dialog";
import type { HistoryRow } from "@/lib/vault/unlocked-history";
import { HistoryLine } from "./history-line";

interface HistoryListProps {
  rows: HistoryRow[];
  total: number;
  onShowOlder: () => void;
  onRemove: (id: string) => void;
}

export function HistoryList({ rows, total, onShowOlder, onRemove }: HistoryListProps) {
  const t = useTranslations("history");
  const [removing, setRemoving] = useState<HistoryRow | null>(null);
  if (total === 0) {
    return (
      <div className="catalogue-card grid gap-3 p-6">
        <p className="font-title text-xl">{t("emptyHeading")}</p>
        <p className="text-muted">{t("empty")}</p>
      </div>
    );
  }
  return (
    <>
      <ol aria-label={t("listName")} className="grid border-t border-line">
        {rows.map((row) => (
          <HistoryLine key={row.id} row={row} onRemove={() => setRemoving(row)} />
        ))}
      </ol>
      {rows.length < total ? (
        <div className="grid justify-items-center gap-2">
          <p role="status" className="text-muted">
            {t("shown", { shown: rows.length, total })}
          </p>
          <ActionButton kind="quiet" onPress={onShowOlder}>
            {t("showOlder")}
          </ActionButton>
        </div>
      ) : null}
      <ConfirmDialog
        open={removing !== null}
        heading={t("removeHeading")}
        kind="danger"
        confirmLabel={t("removeConfirm")}
        cancelLabel={t("removeCancel")}
        onCancel={() => setRemoving(null)}
        onConfirm={() => {
          if (removing) onRemove(removing.id);
          setRemoving(null);
        }}
      >
        <p className="font-title text-lg">{removing?.title ?? t("untitled")}</p>
        <p>{t("removeText")}</p>
      </ConfirmDialog>
    </>
  );
}
