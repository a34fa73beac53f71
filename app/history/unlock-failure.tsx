"use client";
/** Why the vault did not open: what happened, what was kept, what to do. */
import { useTranslations } from "use-intl";
import { Button } from "@/app/ui/button";
import { Notice } from "@/app/ui/notice";
import { TextLink } from "@/app/ui/text-link";
import type { UnlockFailure } from "./use-vault";

interface UnlockFailureNoticeProps {
  failure: UnlockFailure;
  onDelete: () => void;
  deleting: boolean;
}

export function UnlockFailureNotice({ failure, onDelete, deleting }: UnlockFailureNoticeProps) {
  const t = useTranslations("history.failure");
  return (
    <Notice
      kind={isLoss(failure) ? "danger" : "warning"}
      announce="alert"
      heading={t(`${failure.why}.heading`)}
    >
      <p>{t(`${failure.why}.text`, detailsOf(failure))}</p>
      {failure.why === "signed-out" ? (
        <p>
          <TextLink href="/sign-in?callbackUrl=/history">{t("signInAgain")}</TextLink>
        </p>
      ) : null}
      {failure.why === "vault-damaged" ? (
        <form
          action={onDelete}
          onSubmit={(event) => {
            if (deleting) event.preventDefault();
          }}
        >
          <Button kind="danger" aria-disabled={deleting}>
            {t("deleteAndBegin")}
          </Button>
        </form>
      ) : null}
    </Notice>
  );
}

function isLoss({ why }: UnlockFailure): boolean {
  return why === "damaged" || why === "vault-damaged" || why === "substituted" || why === "unknown-version";
}

function detailsOf(failure: UnlockFailure): Record<string, number> {
  switch (failure.why) {
    case "wrong-passphrase":
      return { guesses: failure.guessesLeft };
    case "no-guesses":
      return { minutes: Math.ceil(failure.retryAfterSeconds / 60) };
    case "damaged":
      return { entries: failure.readable.entries, waiting: failure.waiting };
    default:
      return {};
  }
}
