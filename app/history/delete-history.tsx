"use client";
/** One click that deletes the whole history, locked or open: no passphrase, no second question, export beside it. */
import { useTranslations } from "use-intl";
import { Button } from "@/app/ui/button";
import { Notice } from "@/app/ui/notice";
import { Section } from "@/app/ui/page-frame";
import type { DeletionState } from "./actions";
import { ExportMenu } from "./export-menu";
import type { Vault } from "./use-vault";

interface DeleteHistoryProps {
  onDelete: () => void;
  pending: boolean;
  failure: Extract<DeletionState, { state: "failed" }>["why"] | null;
  /** Null while the vault is locked: there is then nothing in the browser to export. */
  onExport: Vault["exportAs"] | null;
}

export function DeleteHistory({ onDelete, pending, failure, onExport }: DeleteHistoryProps) {
  const t = useTranslations("history.delete");
  return (
    <div className="mt-6 border-t border-line pt-8">
      <Section id="delete-heading" heading={t("heading")}>
        <p className="max-w-measure">{t("text")}</p>
        {failure ? (
          <Notice kind="warning" announce="alert" heading={t(`failed.${failure}.heading`)}>
            <p>{t(`failed.${failure}.text`)}</p>
          </Notice>
        ) : null}
        <div className="flex flex-wrap items-start gap-3">
          <form
            action={onDelete}
            // A second click would find nothing left to delete, and hide the receipt behind that answer.
            onSubmit={(event) => {
              if (pending) event.preventDefault();
            }}
          >
            <Button kind="danger" aria-disabled={pending}>
              {t("button")}
            </Button>
          </form>
          {onExport ? <ExportMenu onExport={onExport} label={t("exportFirst")} /> : null}
        </div>
        {onExport ? null : <p className="text-muted">{t("unlockToExport")}</p>}
      </Section>
    </div>
  );
}
