"use client";
/** The form that unlocks the vault, by passphrase or recovery code. What was typed is out of it as soon as it is used. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Choice } from "@/app/ui/choice";
import { TextField } from "@/app/ui/text-field";
import type { SlotKind } from "@/lib/vault/vault-contents";
import { ownDevice, sharedComputer } from "./idle-lock";
import { NameForPasswordManagers } from "./name-for-password-managers";
import type { UnlockFailure, Vault } from "./use-vault";

interface UnlockFormProps {
  field: RefObject<HTMLInputElement | null>;
  failure: UnlockFailure | null;
  onUnlock: Vault["unlock"];
}

export function UnlockForm({ field, failure, onUnlock }: UnlockFormProps) {
  const t = useTranslations("history");
  const [kind, setKind] = useState<"passphrase" | "recovery">("passphrase");
  const [visible, setVisible] = useState(false);
  const [empty, setEmpty] = useState(false);
  const wasKind = useRef(kind);
  useEffect(() => {
    if (wasKind.current !== kind) field.current?.focus();
    wasKind.current = kind;
  }, [kind, field]);

  function submit(form: HTMLFormElement) {
    const entered = new FormData(form);
    const secret = `${entered.get("secret") ?? ""}`;
    setEmpty(secret.trim() === "");
    if (secret.trim() === "") {
      field.current?.focus();
      return;
    }
    if (field.current) field.current.value = "";
    void onUnlock({ kind, secret }, entered.has("own") ? ownDevice : sharedComputer);
  }

  return (
    <form
      className="grid gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
    >
      {kind === "passphrase" ? <NameForPasswordManagers /> : null}
      <TextField
        key={kind}
        ref={field}
        id="secret"
        name="secret"
        type={visible || kind === "recovery" ? "text" : "password"}
        label={t(kind === "passphrase" ? "passphrase" : "recoveryCode")}
        description={t(kind === "passphrase" ? "passphraseHint" : "recoveryCodeHint")}
        error={empty ? t(kind === "passphrase" ? "passphraseEmpty" : "recoveryCodeEmpty") : null}
        aria-invalid={failure !== null && refusedKind(failure) === kind}
        code={kind === "recovery"}
        // Browsers write what stands in a plain text box to their session files, unless it is off.
        autoComplete={kind === "passphrase" && !visible ? "current-password" : "off"}
        autoCapitalize="none"
        spellCheck={false}
      />
      {kind === "passphrase" ? (
        <Choice
          id="show-secret"
          label={t("showPassphrase")}
          checked={visible}
          onChange={(event) => setVisible(event.target.checked)}
        />
      ) : null}
      <Choice id="own" name="own" label={t("ownDevice")} description={t("ownDeviceHint")} />
      <div className="flex flex-wrap items-center gap-3">
        <ActionButton type="submit">{t("unlock")}</ActionButton>
        <ActionButton
          kind="link"
          onPress={() => {
            setEmpty(false);
            setKind(kind === "passphrase" ? "recovery" : "passphrase");
          }}
        >
          {t(kind === "passphrase" ? "useRecoveryCode" : "usePassphrase")}
        </ActionButton>
      </div>
    </form>
  );
}

function refusedKind({ why }: UnlockFailure): SlotKind | null {
  if (why === "wrong-passphrase") return "passphrase";
  return why === "wrong-recovery-code" || why === "misread-recovery-code" ? "recovery" : null;
}
