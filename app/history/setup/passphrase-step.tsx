"use client";
/** The passphrase: five random words offered, the reader's own welcome. */
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import { TextLink } from "@/app/ui/text-link";
import { isWeak } from "../key-forms";
import { PassphraseChoice } from "../passphrase-choice";
import type { SetUpActs, SetUpState } from "./use-set-up";

type PassphraseStepProps = Omit<Extract<SetUpState, { step: "passphrase" }>, "step"> & { acts: SetUpActs };

export function PassphraseStep({ suggestion, failure, working, acts }: PassphraseStepProps) {
  const t = useTranslations("setup");
  const [passphrase, setPassphrase] = useState(suggestion);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (failure) form.current?.querySelector("input")?.focus();
  }, [failure]);
  const refused = failure && !isWeak(failure) ? failure : null;
  return (
    <form
      ref={form}
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (working === null) void acts.choose(passphrase);
      }}
    >
      <p>{t("passphraseText")}</p>
      <PassphraseChoice
        label={t("passphrase")}
        value={passphrase}
        refused={failure !== null && isWeak(failure)}
        onChange={setPassphrase}
        judge={acts.judge}
      />
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
