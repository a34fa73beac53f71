"use client";
/** The loans, newest first, some at a time. No line links anywhere: a link would name its title to the server. */
import { useEffect, useRef, useState } from "react";
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
  const [news, setNews] = useState<"older" | "removed" | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const landing = useRef<{ line: number; from: HistoryRow[]; news: "older" | "removed" } | null>(null);
  useEffect(() => {
    // The button that was pressed may be gone with the change: the focus goes on to the line that is in its place.
    if (landing.current === null || landing.current.from === rows) return;
    const titles = place.current?.querySelectorAll("h3") ?? [];
    titles[Math.min(landing.current.line, titles.length - 1)]?.focus();
    setNews(landing.current.news);
    landing.current = null;
  }, [rows]);

  return (
    <div ref={place} className="grid gap-6">
      {total === 0 ? (
        <div className="catalogue-card grid gap-3 p-6">
          <h3 tabIndex={-1} className="text-xl">
            {t("emptyHeading")}
          </h3>
          <p className="text-muted">{t("empty")}</p>
        </div>
      ) : (
        <ol aria-label={t("listName")} className="grid border-t border-line">
          {rows.map((row) => (
            <HistoryLine key={row.id} row={row} onRemove={() => setRemoving(row)} />
          ))}
        </ol>
      )}
      <div className="grid justify-items-center gap-2">
        <p role="status" className="text-muted">
          {news === "removed" ? t("removed") : null}
          {news === "older" || (news === null && rows.length < total)
            ? t("shown", { shown: rows.length, total })
            : null}
        </p>
        {rows.length < total ? (
          <ActionButton
            kind="quiet"
            onPress={() => {
              landing.current = { line: rows.length, from: rows, news: "older" };
              onShowOlder();
            }}
          >
            {t("showOlder")}
          </ActionButton>
        ) : null}
      </div>
      <ConfirmDialog
        open={removing !== null}
        heading={t("removeHeading")}
        kind="danger"
        confirmLabel={t("removeConfirm")}
        cancelLabel={t("removeCancel")}
        onCancel={() => setRemoving(null)}
        onConfirm={() => {
          if (removing) {
            landing.current = { line: rows.indexOf(removing), from: rows, news: "removed" };
            onRemove(removing.id);
          }
          setRemoving(null);
        }}
      >
        <p className="font-title text-lg">
          <bdi>{removing?.title ?? t("untitled")}</bdi>
        </p>
        <p>{t("removeText")}</p>
      </ConfirmDialog>
    </div>
  );
}
