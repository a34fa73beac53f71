"use client";
/** What is kept, who can read it, and what nobody can undo, before anything is made. */
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Choice } from "@/app/ui/choice";
import { TextLink } from "@/app/ui/text-link";

const points = ["kept", "readers", "passphrase", "delete", "limits"] as const;
const furtherPoints = ["cardAndPin", "libraryKeeps"] as const;

export function Consent({ onAgree }: { onAgree: () => Promise<void> }) {
  const t = useTranslations("setup");
  const [understood, setUnderstood] = useState(false);
  const [asked, setAsked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const isMissing = asked && !understood;
  return (
    <form
      ref={form}
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (understood) void onAgree();
        else form.current?.querySelector("input")?.focus();
      }}
    >
      <Points points={points} />
      <details>
        <summary className="min-h-11 cursor-pointer py-2">{t("furtherPoints")}</summary>
        <div className="grid gap-4 pt-2">
          <Points points={furtherPoints} />
          <p>
            <TextLink href="/privacy">{t("more")}</TextLink>
          </p>
        </div>
      </details>
      <Choice
        id="understood"
        label={t("understood")}
        checked={understood}
        aria-invalid={isMissing}
        {...(isMissing ? { "aria-describedby": "understood-first" } : {})}
        onChange={(event) => setUnderstood(event.target.checked)}
      />
      {isMissing ? (
        <p id="understood-first" role="alert" className="font-semibold text-danger">
          {t("understoodFirst")}
        </p>
      ) : null}
      <div>
        <ActionButton type="submit">{t("continue")}</ActionButton>
      </div>
    </form>
  );
}

type Point = (typeof points)[number] | (typeof furtherPoints)[number];

function Points({ points }: { points: readonly Point[] }) {
  const t = useTranslations("setup");
  return (
    <dl className="grid gap-4">
      {points.map((point) => (
        <div key={point} className="grid gap-1 border-s-2 border-line ps-4">
          <dt className="font-semibold">{t(`consent.${point}.term`)}</dt>
          <dd>{t(`consent.${point}.text`)}</dd>
        </div>
      ))}
    </dl>
  );
}
