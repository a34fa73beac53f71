"use client";
/** The history page's live part: locked, unlocking or open, with the way to delete always below. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "@/app/ui/notice";
import { DeleteHistory } from "./delete-history";
import { DeletedHistory } from "./deleted-history";
import { LockedVault } from "./locked-vault";
import { OpenHistory } from "./open-history";
import { UnlockProgress } from "./unlock-progress";
import { useVault } from "./use-vault";

export function HistoryScreen() {
  const t = useTranslations("history");
  const vault = useVault();
  const [receipt, setReceipt] = useState<string | null>(null);
  if (receipt !== null) return <DeletedHistory receipt={receipt} />;
  const { now } = vault;
  return (
    <>
      {now.state === "locked" ? <LockedVault {...now} onUnlock={vault.unlock} /> : null}
      {now.state === "unlocking" ? <UnlockProgress step={now.step} /> : null}
      {now.state === "open" ? <OpenHistory {...now} vault={vault} /> : null}
      <DeleteHistory
        onExport={now.state === "open" ? vault.exportAs : null}
        onDeleted={(text) => {
          vault.lock("asked");
          setReceipt(text);
        }}
      />
      <noscript>
        <Notice kind="warning" heading={t("noScriptHeading")}>
          <p>{t("noScript")}</p>
        </Notice>
      </noscript>
    </>
  );
}
