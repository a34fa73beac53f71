"use client";
/** What a reader must know about the state of an open vault: losses, gaps, unsaved changes, failed acts. */
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import { TextLink } from "@/app/ui/text-link";
import type { Overview } from "@/lib/vault/unlocked-history";
import { RollbackNotice } from "./rollback-notice";
import type { ActFailure, Vault } from "./use-vault";

interface VaultNoticesProps {
  overview: Overview;
  failure: ActFailure | null;
  onSaveAgain: () => void;
  onSettle: Vault["settleRollback"];
}

export function VaultNotices({ overview, failure, onSaveAgain, onSettle }: VaultNoticesProps) {
  const t = useTranslations("history.notice");
  const { lost, unreadableInbox, gap, slotsAltered, unsaved, rollback } = overview;
  return (
    <>
      {failure ? (
        <Notice kind="warning" announce="alert" heading={t(`failure.${failure}.heading`)}>
          <p>{t(`failure.${failure}.text`)}</p>
          {failure === "signed-out" ? (
            <p>
              <TextLink href="/sign-in?callbackUrl=/history">{t("signInAgain")}</TextLink>
            </p>
          ) : null}
        </Notice>
      ) : null}
      {rollback ? <RollbackNotice rollback={rollback} total={overview.total} onSettle={onSettle} /> : null}
      {unsaved && !rollback ? (
        <Notice kind="warning" announce="status" heading={t("unsavedHeading")}>
          <p>{t("unsaved")}</p>
          <div>
            <ActionButton kind="quiet" onPress={onSaveAgain}>
              {t("saveAgain")}
            </ActionButton>
          </div>
        </Notice>
      ) : null}
      {lost.chapters > 0 ? (
        <Notice kind="danger" heading={t("lostHeading")}>
          <p>{t("lost", { entries: lost.entries })}</p>
        </Notice>
      ) : null}
      {unreadableInbox > 0 ? (
        <Notice kind="danger" heading={t("unreadableHeading")}>
          <p>{t("unreadable", { count: unreadableInbox })}</p>
        </Notice>
      ) : null}
      {gap ? (
        <Notice kind="warning" heading={t("gapHeading")}>
          <p>{t("gap")}</p>
        </Notice>
      ) : null}
      {slotsAltered ? (
        <Notice kind="danger" heading={t("slotsAlteredHeading")}>
          <p>{t("slotsAltered")}</p>
        </Notice>
      ) : null}
    </>
  );
}
