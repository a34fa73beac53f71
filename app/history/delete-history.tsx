"use client";
/** One click that deletes the whole history, locked or open: no passphrase, no second question, export beside it. */
import { useActionState, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/app/ui/button";
import { Notice } from "@/app/ui/notice";
import { Section } from "@/app/ui/page-frame";
import { type DeletionState, deleteHistory } from "./actions";
import { DeletedHistory } from "./deleted-history";
import { ExportMenu } from "./export-menu";
import type { Vault } from "./use-vault";

interface DeleteHistoryProps {
  /** Null while the vault is locked: there is then nothing in the browser to export. */
  onExport: Vault["exportAs"] | null;
  onDeleted: (receipt: string) => void;
}

export function DeleteHistory({ onExport, onDeleted }: DeleteHistoryProps) {
  const t = useTranslations("history.delete");
  const [outcome, act, pending] = useActionState<DeletionState>(deleteHistory, { state: "asked" });
  const tellParent = useRef(onDeleted);
  tellParent.current = onDeleted;
  useEffect(() => {
    if (outcome.state === "deleted") tellParent.current(outcome.receipt);
  }, [outcome]);
  // Without JavaScript the effect never runs, and the server's answer shows the receipt right here.
  if (outcome.state === "deleted") return <DeletedHistory receipt={outcome.receipt} />;
  return (
    <Section id="delete-heading" heading={t("heading")}>
      <p className="max-w-measure">{t("text")}</p>
      {outcome.state === "failed" ? (
        <Notice kind="warning" announce="alert" heading={t(`failed.${outcome.why}.heading`)}>
          <p>{t(`failed.${outcome.why}.text`)}</p>
        </Notice>
      ) : null}
      <div className="flex flex-wrap items-start gap-3">
        <form action={act}>
          <Button kind="danger" aria-disabled={pending}>
            {t("button")}
          </Button>
        </form>
        {onExport ? <ExportMenu onExport={onExport} label={t("exportFirst")} /> : null}
      </div>
      {onExport ? null : <p className="text-muted">{t("unlockToExport")}</p>}
    </Section>
  );
}
