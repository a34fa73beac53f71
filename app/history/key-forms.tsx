"use client";
/** The parts of a change of keys: a new passphrase, and why a change was not made. */
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import type { PassphraseJudgement, PresentRefusal } from "@/lib/vault/unlocked-history";
import { PassphraseChoice } from "./passphrase-choice";
import { PresentRefusalText } from "./present-refusal";
import type { KeyFailure } from "./use-keys";
import type { Vault } from "./use-vault";

interface NewPassphraseProps {
  value: string;
  onChange: (passphrase: string) => void;
  vault: Vault;
  failure: KeyFailure | null;
}

/** The words offered, or the reader's own. */
export function NewPassphrase({ value, onChange, vault, failure }: NewPassphraseProps) {
  const t = useTranslations("history.keys");
  const setup = useTranslations("setup");
  return (
    <>
      <PassphraseChoice
        label={t("newPassphrase")}
        value={value}
        refused={failure !== null && isWeak(failure)}
        onChange={onChange}
        judge={vault.judgePassphrase}
      />
      <div>
        <ActionButton
          kind="quiet"
          onPress={() => void vault.suggestPassphrase().then((words) => words && onChange(words))}
        >
          {setup("otherWords")}
        </ActionButton>
      </div>
    </>
  );
}

export function KeyFailureNotice({ failure }: { failure: KeyFailure }) {
  const t = useTranslations("history.keys");
  if (isWeak(failure)) return null;
  return (
    <Notice
      kind="warning"
      announce="alert"
      heading={t(failure.why === "unanswered" ? "unanswered" : "notChanged")}
    >
      {isOwn(failure) ? (
        <p>
          {t(
            `failure.${failure.why}`,
            failure.why === "too-many" ? { minutes: Math.ceil(failure.retryAfterSeconds / 60) } : {},
          )}
        </p>
      ) : (
        <PresentRefusalText failure={failure} />
      )}
    </Notice>
  );
}

type Weakness = Exclude<PassphraseJudgement, { ok: true }>["why"];

const weaknesses: Record<Weakness, true> = {
  empty: true,
  "too-weak": true,
  "digits-only": true,
  "card-number": true,
};

/** Of the passphrase that was chosen. That is told once, at its box, and not by a notice. */
export function isWeak<F extends { why: string }>(failure: F): failure is Extract<F, { why: Weakness }> {
  return failure.why in weaknesses;
}

type OwnFailure = Exclude<KeyFailure, PresentRefusal | { why: Weakness }>;

/** What only a change of keys or a fresh start can meet, beside what any present secret can. */
const own: Record<OwnFailure["why"], true> = {
  "too-many": true,
  "not-prepared": true,
  "slots-altered": true,
  "rollback-unsettled": true,
  refused: true,
  conflict: true,
  unanswered: true,
  "same-passphrase": true,
  "too-large": true,
};

function isOwn(failure: OwnFailure | PresentRefusal): failure is OwnFailure {
  return failure.why in own;
}
