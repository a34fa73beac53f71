"use client";
/** The open history: its state in one line, what to know about it, the loans, and the lock. */
import { useEffect, useRef } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import type { HistoryRow, Overview } from "@/lib/vault/unlocked-history";
import { ExportMenu } from "./export-menu";
import { HistoryList } from "./history-list";
import type { ActFailure, Vault } from "./use-vault";
import { VaultNotices } from "./vault-notices";

interface OpenHistoryProps {
  overview: Overview;
  rows: HistoryRow[];
  locksSoon: boolean;
  failure: ActFailure | null;
  vault: Vault;
}

export function OpenHistory({ overview, rows, locksSoon, failure, vault }: OpenHistoryProps) {
  const t = useTranslations("history");
  const format = useFormatter();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const birthday = format.dateTime(new Date(`${overview.birthday}T00:00:00Z`), { dateStyle: "long" });
  return (
    <section aria-labelledby="history-heading" className="grid gap-6">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div className="grid gap-1">
          <h2 id="history-heading" ref={heading} tabIndex={-1} className="text-2xl">
            {t("count", { total: overview.total })}
          </h2>
          <p className="text-muted">{t("stillOut", { count: overview.stillOut })}</p>
        </div>
        <div className="flex flex-wrap gap-3">
          <ExportMenu onExport={vault.exportAs} />
          <ActionButton onPress={() => vault.lock("asked")}>{t("lock")}</ActionButton>
        </div>
      </div>
      {locksSoon ? (
        <div className="sticky top-2 z-10">
          <Notice kind="warning" announce="alert" heading={t("locksSoon")}>
            <div>
              <ActionButton kind="quiet" onPress={vault.stayUnlocked}>
                {t("stayUnlocked")}
              </ActionButton>
            </div>
          </Notice>
        </div>
      ) : null}
      <VaultNotices
        overview={overview}
        failure={failure}
        onSaveAgain={vault.saveAgain}
        onSettle={vault.settleRollback}
      />
      <HistoryList rows={rows} total={overview.total} onShowOlder={vault.showOlder} onRemove={vault.remove} />
      <details className="text-muted">
        <summary className="min-h-11 cursor-pointer py-2">{t("checkpointHeading")}</summary>
        <p className="max-w-measure">
          {t.rich("checkpoint", {
            birthday,
            total: overview.total,
            words: () => <strong className="font-mono">{overview.checkpointWords.join(" ")}</strong>,
          })}
        </p>
        <p className="max-w-measure">
          {t(overview.ownDevice ? "checkpointRemembered" : "checkpointForgotten")}
        </p>
      </details>
    </section>
  );
}
