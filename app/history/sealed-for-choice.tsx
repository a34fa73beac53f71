"use client";
/** Who is to open a sealed copy: the holder of the key, whoever knows a passphrase, or somebody with an age key of their own. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Choice, FieldGroup } from "@/app/ui/choice";
import { TextField } from "@/app/ui/text-field";
import type { SealedFor } from "@/lib/vault/unlocked-history";
import { PassphraseChoice } from "./passphrase-choice";
import type { Vault } from "./use-vault";

const kinds = ["own", "passphrase", "recipient"] as const;

interface SealedForChoiceProps {
  value: SealedFor;
  onChange: (sealedFor: SealedFor) => void;
  vault: Vault;
}

export function SealedForChoice({ value, onChange, vault }: SealedForChoiceProps) {
  const t = useTranslations("portable.copy");
  // A reader who looks at another choice finds the words again that they may have written down.
  const [words, setWords] = useState("");
  const setPassphrase = (passphrase: string) => {
    setWords(passphrase);
    onChange({ kind: "passphrase", passphrase });
  };
  const suggest = () => vault.suggestPassphrase().then((offered) => offered && setPassphrase(offered));

  function choose(kind: SealedFor["kind"]) {
    if (kind === "own") onChange({ kind });
    else if (kind === "recipient") onChange({ kind, recipient: "" });
    else {
      setPassphrase(words);
      if (words === "") void suggest();
    }
  }

  return (
    <>
      <FieldGroup legend={t("legend")}>
        {kinds.map((kind) => (
          <Choice
            key={kind}
            id={`sealed-for-${kind}`}
            name="sealed-for"
            type="radio"
            label={t(`${kind}.label`)}
            description={t(`${kind}.text`)}
            checked={value.kind === kind}
            onChange={() => choose(kind)}
          />
        ))}
      </FieldGroup>
      {value.kind === "passphrase" ? (
        <>
          <PassphraseChoice
            label={t("passphraseLabel")}
            description={t("passphraseHint")}
            value={value.passphrase}
            onChange={setPassphrase}
            judge={vault.judgePassphrase}
          />
          <div>
            <ActionButton kind="quiet" onPress={() => void suggest()}>
              {t("otherWords")}
            </ActionButton>
          </div>
        </>
      ) : null}
      {value.kind === "recipient" ? (
        <TextField
          id="sealed-for-whom"
          label={t("recipientLabel")}
          description={t("recipientHint")}
          value={value.recipient}
          onChange={(event) => onChange({ kind: "recipient", recipient: event.target.value })}
          code
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      ) : null}
    </>
  );
}
