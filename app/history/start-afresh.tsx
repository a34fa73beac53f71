"use client";
/** The fresh start of an open history: what it does and what it cannot do, a new passphrase, a new code, new keys. */
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Card } from "@/app/ui/page-frame";
import { KeyFailureNotice } from "./key-forms";
import { RecoverySheet, TypedGroup } from "./recovery-sheet";
import { AfreshForm } from "./start-afresh-form";
import { useStepFocus } from "./step-focus";
import { type AfreshActs, type AfreshState, useAfresh } from "./use-afresh";
import type { Vault } from "./use-vault";

export function StartAfresh({ vault }: { vault: Vault }) {
  const t = useTranslations("history.afresh");
  const [now, acts] = useAfresh(vault);
  const { heading, inner } = useStepFocus(now.step);
  return (
    <section aria-labelledby="afresh-heading" className="mt-2 grid gap-4">
      <h3 id="afresh-heading" ref={heading} tabIndex={-1} className="text-xl">
        {t("heading")}
      </h3>
      {now.step === "offer" ? (
        <>
          <p className="max-w-measure text-muted">{t("text")}</p>
          <div>
            <ActionButton kind="quiet" onPress={() => void acts.begin()}>
              {t("begin")}
            </ActionButton>
          </div>
        </>
      ) : (
        <Card>
          <h4 ref={inner} tabIndex={-1} className="font-title text-xl">
            {t(`step.${now.step}`)}
          </h4>
          {now.step === "form" ? <AfreshForm {...now} acts={acts} vault={vault} /> : null}
          {now.step === "code" ? <KeepCode {...now} acts={acts} /> : null}
          {now.step === "done" ? (
            <>
              <p className="max-w-measure">{t("doneText")}</p>
              <div>
                <ActionButton kind="quiet" onPress={acts.leave}>
                  {t("back")}
                </ActionButton>
              </div>
            </>
          ) : null}
        </Card>
      )}
    </section>
  );
}

type KeepCodeProps = Extract<AfreshState, { step: "code" }> & { acts: AfreshActs };

/** One group typed back shows that the sheet can be read; the button is the one that counts. */
function KeepCode({ recoveryCode, failure, working, acts }: KeepCodeProps) {
  const t = useTranslations("history.afresh");
  return (
    <>
      <p className="max-w-measure">{t("codeText")}</p>
      <RecoverySheet recoveryCode={recoveryCode} />
      <TypedGroup recoveryCode={recoveryCode} onRight={() => (working ? undefined : void acts.finish())}>
        {failure ? <KeyFailureNotice failure={failure} /> : null}
        <div className="flex flex-wrap gap-3">
          <ActionButton type="submit" pending={working} pendingLabel={t("working")}>
            {t("now")}
          </ActionButton>
          <ActionButton kind="quiet" disabled={working} onPress={acts.leave}>
            {t("cancel")}
          </ActionButton>
        </div>
      </TypedGroup>
    </>
  );
}
