"use client";
/** What is kept, who can read it, and what nobody can undo, before anything is made. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Choice } from "@/app/ui/choice";
import { TextLink } from "@/app/ui/text-link";

const points = ["kept", "readers", "passphrase", "cardAndPin", "delete", "libraryKeeps", "limits"] as const;

export function Consent({ onAgree }: { onAgree: () => Promise<void> }) {
  const t = useTranslations("setup");
  const [understood, setUnderstood] = useState(false);
  const [asked, setAsked] = useState(false);
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (understood) void onAgree();
      }}
    >
      <dl className="grid gap-4">
        {points.map((point) => (
          <div key={point} className="grid gap-1 border-s-2 border-line ps-4">
            <dt className="font-semibold">{t(`consent.${point}.term`)}</dt>
            <dd>{t(`consent.${point}.text`)}</dd>
          </div>
        ))}
      </dl>
      <p>
        <TextLink href="/privacy">{t("more")}</TextLink>
      </p>
      <Choice
        id="understood"
        label={t("understood")}
        checked={understood}
        aria-invalid={asked && !understood}
        onChange={(event) => setUnderstood(event.target.checked)}
      />
      {asked && !understood ? (
        <p role="alert" className="font-semibold text-danger">
          {t("understoodFirst")}
        </p>
      ) : null}
      <div>
        <ActionButton type="submit">{t("continue")}</ActionButton>
      </div>
    </form>
  );
}
