"use client";
/** The passphrase: five random words offered, the reader's own welcome, with an honest word on its strength. */
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import { TextField } from "@/app/ui/text-field";
import { TextLink } from "@/app/ui/text-link";
import type { PassphraseJudgement } from "@/lib/vault/unlocked-history";
import type { SetUpActs, SetUpState } from "./use-set-up";

type PassphraseStepProps = Omit<Extract<SetUpState, { step: "passphrase" }>, "step"> & { acts: SetUpActs };

export function PassphraseStep({ suggestion, failure, working, acts }: PassphraseStepProps) {
  const t = useTranslations("setup");
  const [passphrase, setPassphrase] = useState(suggestion);
  const [judgement, setJudgement] = useState<PassphraseJudgement | null>(null);
  const judge = useRef(acts.judge);
  judge.current = acts.judge;
  useEffect(() => {
    let current = true;
    void judge.current(passphrase).then((verdict) => {
      if (current) setJudgement(verdict);
    });
    return () => {
      current = false;
    };
  }, [passphrase]);
  const refused = failure && "why" in failure ? failure : null;
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (working === null) void acts.choose(passphrase);
      }}
    >
      <p>{t("passphraseText")}</p>
      <TextField
        id="new-passphrase"
        label={t("passphrase")}
        description={t("passphraseHint")}
        code
        value={passphrase}
        onChange={(event) => setPassphrase(event.target.value)}
        // Browsers write what stands in a plain text box to their session files, unless it is off.
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <p role="status" className={judgement && !judgement.ok ? "font-semibold text-danger" : "text-muted"}>
        {judgement ? t(`strength.${judgement.ok ? judgement.strength : judgement.why}`) : null}
      </p>
      {refused ? (
        <Notice kind="warning" announce="alert" heading={t("notMade")}>
          <p>
            {t(
              `prepareFailure.${refused.why}`,
              refused.why === "too-many" ? { minutes: Math.ceil(refused.retryAfterSeconds / 60) } : {},
            )}
          </p>
          {refused.why === "signed-out" ? (
            <p>
              <TextLink href="/sign-in?callbackUrl=/history/setup">{t("signInAgain")}</TextLink>
            </p>
          ) : null}
        </Notice>
      ) : null}
      <div className="flex flex-wrap gap-3">
        <ActionButton type="submit" pending={working !== null} pendingLabel={t("making")}>
          {t("usePassphrase")}
        </ActionButton>
        <ActionButton kind="quiet" onPress={() => void acts.suggest().then(setPassphrase)}>
          {t("otherWords")}
        </ActionButton>
      </div>
    </form>
  );
}
