"use client";
/** After the deletion: what was destroyed, by when in backups, what the library system still knows, and the receipt. */
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { ButtonLink } from "@/app/ui/button";
import { Card } from "@/app/ui/page-frame";
import { TextLink } from "@/app/ui/text-link";
import { saveFile } from "./save-file";

export function DeletedHistory({ receipt }: { receipt: string }) {
  const t = useTranslations("history.deleted");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Card className="max-w-measure">
      <h2 ref={heading} tabIndex={-1} className="text-2xl">
        {t("heading")}
      </h2>
      <div role="status" className="prose grid gap-3">
        <p>{t("done")}</p>
        <p>{t("backups")}</p>
        <p>{t("libraryStillKnows")}</p>
        <p>{t("notCovered")}</p>
      </div>
      <div className="flex flex-wrap gap-3">
        <ActionButton onPress={() => saveFile("deletion-receipt.json", "application/json", receipt)}>
          {t("saveReceipt")}
        </ActionButton>
        <ButtonLink kind="quiet" href="/history/setup">
          {t("turnOnNew")}
        </ButtonLink>
        <ButtonLink kind="quiet" href="/">
          {t("home")}
        </ButtonLink>
      </div>
      <details>
        <summary className="min-h-11 cursor-pointer py-2">{t("showReceipt")}</summary>
        <pre className="whitespace-pre-wrap wrap-anywhere rounded-card bg-sunk p-3 text-sm">{receipt}</pre>
      </details>
      <p>
        <TextLink href="/privacy">{t("privacy")}</TextLink>
      </p>
    </Card>
  );
}
