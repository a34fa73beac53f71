"use client";
/** The locked vault: why it is locked, what went wrong last time, and the form that opens it. */
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Choice } from "@/app/ui/choice";
import { Notice } from "@/app/ui/notice";
import { Card } from "@/app/ui/page-frame";
import { TextField } from "@/app/ui/text-field";
import type { SlotKind } from "@/lib/vault/vault-contents";
import { type LockReason, ownDevice, sharedComputer } from "./idle-lock";
import { UnlockFailureNotice } from "./unlock-failure";
import type { UnlockFailure, Vault } from "./use-vault";

interface LockedVaultProps {
  reason: LockReason | null;
  failure: UnlockFailure | null;
  onUnlock: Vault["unlock"];
}

export function LockedVault({ reason, failure, onUnlock }: LockedVaultProps) {
  const t = useTranslations("history");
  const [kind, setKind] = useState<SlotKind>(
    failure?.why === "wrong-recovery-code" || failure?.why === "misread-recovery-code"
      ? "recovery"
      : "passphrase",
  );
  const [visible, setVisible] = useState(false);
  const [empty, setEmpty] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  function submit() {
    const entered = new FormData(form.current ?? undefined);
    const secret = `${entered.get("secret") ?? ""}`;
    setEmpty(secret.trim() === "");
    if (secret.trim() === "") return;
    void onUnlock({ kind, secret }, entered.has("own") ? ownDevice : sharedComputer);
  }

  return (
    <Card>
      {reason ? (
        <Notice kind="info" announce="status">
          <p>{t(`lockedBecause.${reason}`)}</p>
        </Notice>
      ) : null}
      {failure ? <UnlockFailureNotice failure={failure} /> : null}
      <form
        ref={form}
        className="grid gap-5"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          key={kind}
          id="secret"
          name="secret"
          type={visible || kind === "recovery" ? "text" : "password"}
          label={t(kind === "passphrase" ? "passphrase" : "recoveryCode")}
          description={t(kind === "passphrase" ? "passphraseHint" : "recoveryCodeHint")}
          error={empty ? t(kind === "passphrase" ? "passphraseEmpty" : "recoveryCodeEmpty") : null}
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
    </Card>
  );
}
