"use client";
/** The forms of a change of keys: the present secret, a new passphrase, and why a change was not made. */
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import { TextField } from "@/app/ui/text-field";
import { TextLink } from "@/app/ui/text-link";
import type { KeyChange } from "@/lib/vault/unlocked-history";
import { PassphraseChoice } from "./passphrase-choice";
import type { KeyFailure } from "./use-keys";
import type { Vault } from "./use-vault";

type Present = KeyChange["present"];

interface KeyFormProps {
  failure: KeyFailure | null;
  working: boolean;
  onSubmit: (present: Present) => void;
  onCancel: () => void;
  submitLabel: string;
  children?: ReactNode;
}

/** Asks for the present passphrase or recovery code, because an open page is no proof of its reader. */
export function KeyForm({ failure, working, onSubmit, onCancel, submitLabel, children }: KeyFormProps) {
  const t = useTranslations("history.keys");
  const words = useTranslations("history");
  const [kind, setKind] = useState<Present["kind"]>("passphrase");
  const [empty, setEmpty] = useState(false);
  return (
    <form
      className="grid gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const secret = `${new FormData(event.currentTarget).get("present") ?? ""}`;
        setEmpty(secret.trim() === "");
        if (secret.trim() !== "" && !working) onSubmit({ kind, secret });
      }}
    >
      <TextField
        key={kind}
        id="present"
        name="present"
        type={kind === "passphrase" ? "password" : "text"}
        label={t(`present.${kind}`)}
        description={t("presentHint")}
        error={empty ? words(kind === "passphrase" ? "passphraseEmpty" : "recoveryCodeEmpty") : null}
        code={kind === "recovery"}
        autoComplete={kind === "passphrase" ? "current-password" : "off"}
        autoCapitalize="none"
        spellCheck={false}
      />
      <div>
        <ActionButton
          kind="link"
          onPress={() => {
            setEmpty(false);
            setKind(kind === "passphrase" ? "recovery" : "passphrase");
          }}
        >
          {words(kind === "passphrase" ? "useRecoveryCode" : "usePassphrase")}
        </ActionButton>
      </div>
      {children}
      {failure ? <KeyFailureNotice failure={failure} /> : null}
      <div className="flex flex-wrap gap-3">
        <ActionButton type="submit" pending={working} pendingLabel={t("working")}>
          {submitLabel}
        </ActionButton>
        <ActionButton kind="quiet" onPress={onCancel}>
          {t("cancel")}
        </ActionButton>
      </div>
    </form>
  );
}

interface NewPassphraseProps {
  value: string;
  onChange: (passphrase: string) => void;
  vault: Vault;
}

/** The words offered, or the reader's own. */
export function NewPassphrase({ value, onChange, vault }: NewPassphraseProps) {
  const t = useTranslations("history.keys");
  const setup = useTranslations("setup");
  return (
    <>
      <PassphraseChoice
        label={t("newPassphrase")}
        value={value}
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
  return (
    <Notice
      kind="warning"
      announce="alert"
      heading={t(failure.why === "unanswered" ? "unanswered" : "notChanged")}
    >
      <p>{t(`failure.${failure.why}`, detailsOf(failure))}</p>
      {failure.why === "signed-out" ? (
        <p>
          <TextLink href="/sign-in?callbackUrl=/history">{t("signInAgain")}</TextLink>
        </p>
      ) : null}
    </Notice>
  );
}

function detailsOf(failure: KeyFailure): Record<string, number> {
  if ("guessesLeft" in failure) return { guesses: failure.guessesLeft };
  if ("retryAfterSeconds" in failure) return { minutes: Math.ceil(failure.retryAfterSeconds / 60) };
  return {};
}
