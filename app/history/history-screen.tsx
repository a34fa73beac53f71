"use client";
/** The history page's live part: no history yet, locked, unlocking, open or deleted; the way to delete always below. */
import { useActionState, useEffect } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "@/app/ui/notice";
import { type DeletionState, deleteHistory } from "./actions";
import { DeleteHistory } from "./delete-history";
import { DeletedHistory } from "./deleted-history";
import { Invitation } from "./invitation";
import { Keys } from "./keys";
import { lockOtherTabs } from "./lock-everywhere";
import { LockedVault } from "./locked-vault";
import { OpenHistory } from "./open-history";
import { UnlockProgress } from "./unlock-progress";
import { useVault } from "./use-vault";

export function HistoryScreen({ hasVault }: { hasVault: boolean }) {
  const t = useTranslations("history");
  const vault = useVault();
  const [deletion, act, pending] = useActionState<DeletionState>(deleteHistory, { state: "asked" });
  const { lock, now } = vault;
  const deleted = deletion.state === "deleted";
  useEffect(() => {
    if (!deleted) return;
    lock("asked");
    lockOtherTabs();
  }, [deleted, lock]);
  if (deleted) return <DeletedHistory receipt={deletion.receipt} />;
  if (!hasVault) return <Invitation />;
  return (
    <>
      {now.state === "locked" ? <LockedVault {...now} onUnlock={vault.unlock} /> : null}
      {now.state === "unlocking" ? <UnlockProgress step={now.step} /> : null}
      {now.state === "open" ? <OpenHistory {...now} vault={vault} /> : null}
      {now.state === "open" ? <Keys vault={vault} /> : null}
      <noscript>
        <Notice kind="warning" heading={t("noScriptHeading")}>
          <p>{t("noScript")}</p>
        </Notice>
      </noscript>
      <DeleteHistory
        onDelete={act}
        pending={pending}
        failure={deletion.state === "failed" ? deletion.why : null}
        onExport={now.state === "open" ? vault.exportAs : null}
      />
    </>
  );
}
