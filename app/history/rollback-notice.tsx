"use client";
/** The server's history is not the one that this device remembers: what is known of it, and the reader's two ways on. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import type { Rollback, RollbackChoice } from "@/lib/vault/unlocked-history";

interface RollbackNoticeProps {
  rollback: Rollback;
  total: number;
  onSettle: (choice: RollbackChoice) => Promise<void>;
}

export function RollbackNotice({ rollback, total, onSettle }: RollbackNoticeProps) {
  const t = useTranslations("history.rollback");
  const [working, setWorking] = useState(false);
  const { kind, missing, revived } = rollback;
  async function settle(choice: RollbackChoice) {
    if (working) return;
    setWorking(true);
    await onSettle(choice);
    setWorking(false);
  }
  return (
    <Notice kind="warning" announce="alert" heading={t(`${kind}.heading`)}>
      <p>{t(`${kind}.text`, { total })}</p>
      {missing > 0 ? <p>{t("missingHere", { missing })}</p> : null}
      {revived > 0 ? <p>{t("revivedHere", { revived })}</p> : null}
      {missing + revived === 0 ? <p>{t("nothingLacks")}</p> : null}
      <p>{t("cause")}</p>
      <div className="flex flex-wrap gap-3">
        {missing + revived > 0 ? (
          <ActionButton pending={working} pendingLabel={t("working")} onPress={() => void settle("put-back")}>
            {t(missing > 0 ? "putBack" : "removeAgain")}
          </ActionButton>
        ) : null}
        <ActionButton kind="quiet" onPress={() => void settle("go-on")}>
          {t("goOn")}
        </ActionButton>
      </div>
    </Notice>
  );
}
