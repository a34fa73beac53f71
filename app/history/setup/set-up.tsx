"use client";
/** The walk of the set-up: what it means, passphrase, recovery code, done. */
import { useTranslations } from "use-intl";
import { useInBrowser } from "@/app/in-browser";
import { ActionButton } from "@/app/ui/action-button";
import { ButtonLink } from "@/app/ui/button";
import { Notice } from "@/app/ui/notice";
import { Card } from "@/app/ui/page-frame";
import { Steps } from "@/app/ui/steps";
import { useStepFocus } from "../step-focus";
import { Consent } from "./consent";
import { PassphraseStep } from "./passphrase-step";
import { RecoveryStep } from "./recovery-step";
import { useSetUp } from "./use-set-up";

const order = ["consent", "passphrase", "recovery", "done"] as const;

export function SetUp({ cardNumber }: { cardNumber: string }) {
  const t = useTranslations("setup");
  const [now, acts, { locksSoon }] = useSetUp(cardNumber);
  const isLive = useInBrowser();
  const { heading } = useStepFocus(now.step);
  if (!isLive) return <StepToCome />;
  return (
    <>
      <div data-print="no">
        <Steps
          label={t("stepsName")}
          steps={order.map((step) => t(`steps.${step}`))}
          current={order.indexOf(now.step)}
          doneLabel={t("stepDone")}
        />
      </div>
      {locksSoon ? (
        <div className="sticky top-2 z-10" data-print="no">
          <Notice kind="warning" announce="alert" heading={t("locksSoon")}>
            <div>
              <ActionButton kind="quiet" onPress={acts.stay}>
                {t("stillHere")}
              </ActionButton>
            </div>
          </Notice>
        </div>
      ) : null}
      <Card>
        <h2 ref={heading} tabIndex={-1} className="text-2xl" data-print="no">
          {t(`heading.${now.step}`)}
        </h2>
        {now.step === "consent" && now.idled ? (
          <Notice kind="info" announce="status" heading={t("idle.heading")}>
            <p>{t("idle.text")}</p>
          </Notice>
        ) : null}
        {now.step === "consent" ? <Consent onAgree={acts.agree} /> : null}
        {now.step === "passphrase" ? <PassphraseStep {...now} acts={acts} /> : null}
        {now.step === "recovery" ? <RecoveryStep {...now} onFinish={acts.finish} /> : null}
        {now.step === "done" ? (
          <>
            <p>{t("doneText")}</p>
            <p>{t("doneFirstLoan")}</p>
            <div>
              <ButtonLink href="/history">{t("openHistory")}</ButtonLink>
            </div>
          </>
        ) : null}
      </Card>
    </>
  );
}

/** As high as the first step. [Note: secrets only in a live page] */
function StepToCome() {
  return <div className="min-h-[69rem] sm:min-h-[52rem]" />;
}
