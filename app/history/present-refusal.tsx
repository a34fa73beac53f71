"use client";
/** Why a present secret was not enough, in words, for the notice of whichever form asked for it. */
import { useTranslations } from "use-intl";
import { TextLink } from "@/app/ui/text-link";
import type { PresentRefusal } from "@/lib/vault/unlocked-history";

export function PresentRefusalText({ failure }: { failure: PresentRefusal }) {
  const t = useTranslations("history.present");
  return (
    <>
      <p>{t(`failure.${failure.why}`, detailsOf(failure))}</p>
      {failure.why === "signed-out" ? (
        <p>
          <TextLink href="/sign-in?callbackUrl=/history">{t("signInAgain")}</TextLink>
        </p>
      ) : null}
    </>
  );
}

function detailsOf(failure: PresentRefusal): Record<string, number> {
  if ("guessesLeft" in failure) return { guesses: failure.guessesLeft };
  if ("retryAfterSeconds" in failure) return { minutes: Math.ceil(failure.retryAfterSeconds / 60) };
  return {};
}
