"use client";
/** The recovery code: shown once, to print or save, with one group typed back before anything is stored. */
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import { TextLink } from "@/app/ui/text-link";
import { RecoverySheet, TypedGroup } from "../recovery-sheet";
import type { SetUpState } from "./use-set-up";

type RecoveryStepProps = Omit<Extract<SetUpState, { step: "recovery" }>, "step"> & {
  onFinish: () => Promise<void>;
};

export function RecoveryStep({ recoveryCode, failure, saving, onFinish }: RecoveryStepProps) {
  const t = useTranslations("setup");
  return (
    <>
      <p data-print="no">{t("recoveryText")}</p>
      <RecoverySheet recoveryCode={recoveryCode} />
      <TypedGroup recoveryCode={recoveryCode} onRight={() => (saving ? undefined : void onFinish())}>
        {failure ? (
          <Notice kind="warning" announce="alert" heading={t("notMade")}>
            <p>{t(`finishFailure.${failure}`)}</p>
            {failure === "signed-out" ? (
              <p>
                <TextLink href="/sign-in?callbackUrl=/history/setup">{t("signInAgain")}</TextLink>
              </p>
            ) : null}
            {failure === "exists" ? (
              <p>
                <TextLink href="/history">{t("openHistory")}</TextLink>
              </p>
            ) : null}
          </Notice>
        ) : null}
        <div>
          <ActionButton type="submit" pending={saving} pendingLabel={t("turningOn")}>
            {t("turnOn")}
          </ActionButton>
        </div>
      </TypedGroup>
    </>
  );
}
