"use client";
/** Shows the history's age identity after a present secret, with what it means to have it. */
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "@/app/ui/notice";
import type { PresentRefusal } from "@/lib/vault/unlocked-history";
import { PresentRefusalText } from "./present-refusal";
import { PresentSecretForm } from "./present-secret";
import { ShownKey } from "./shown-key";
import type { Vault } from "./use-vault";

type Now =
  | { step: "asked"; working: boolean; failure: PresentRefusal | null }
  | { step: "shown"; identity: string };

interface ShowKeyProps {
  vault: Vault;
  onLeave: () => void;
  /** The key was shown, and is no longer. */
  onHidden: () => void;
}

export function ShowKey({ vault, onLeave, onHidden }: ShowKeyProps) {
  const t = useTranslations("portable.key");
  const cancelLabel = useTranslations("portable")("cancel");
  const [now, setNow] = useState<Now>({ step: "asked", working: false, failure: null });
  const heading = useRef<HTMLHeadingElement>(null);
  const { step } = now;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its heading
  useEffect(() => heading.current?.focus(), [step]);
  return (
    <>
      <h3 ref={heading} tabIndex={-1} className="text-xl" data-print="no">
        {t(step === "asked" ? "heading" : "shownHeading")}
      </h3>
      {now.step === "asked" ? (
        <>
          <Notice kind="warning" heading={t("warningHeading")}>
            <ul className="list-disc ps-5">
              <li>{t("warningEntries")}</li>
              <li>{t("warningCopies")}</li>
            </ul>
            <p>{t("warningForGood")}</p>
          </Notice>
          <PresentSecretForm
            passkeys={vault.passkeys}
            working={now.working}
            failure={
              now.failure ? (
                <Notice kind="warning" announce="alert" heading={t("failed")}>
                  <PresentRefusalText failure={now.failure} />
                </Notice>
              ) : null
            }
            cancelLabel={cancelLabel}
            submitLabel={t("submit")}
            onCancel={onLeave}
            onSubmit={async (present) => {
              setNow({ step: "asked", working: true, failure: null });
              const outcome = await vault.showKey(present);
              if (outcome === null) return;
              setNow(
                outcome.ok
                  ? { step: "shown", identity: outcome.identity }
                  : { step: "asked", working: false, failure: outcome },
              );
            }}
          />
        </>
      ) : (
        <ShownKey identity={now.identity} onHide={onHidden} />
      )}
    </>
  );
}
