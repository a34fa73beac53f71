"use client";
/** The form that unlocks the vault, by passkey, passphrase or recovery code. What was given is out of it as soon as it is used. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Choice } from "@/app/ui/choice";
import { TextField } from "@/app/ui/text-field";
import type { Secret } from "@/lib/vault/unlocked-history";
import { NameForPasswordManagers } from "./name-for-password-managers";
import { askPasskey, type PasskeyRefusal, usableHere } from "./passkey";
import { PasskeyRefusalNotice } from "./passkey-refusal";
import type { UnlockFailure, Vault } from "./use-vault";

type Kind = Secret["kind"];

interface UnlockFormProps {
  field: RefObject<HTMLInputElement | null>;
  failure: UnlockFailure | null;
  passkeys: Vault["passkeys"];
  onUnlock: Vault["unlock"];
}

export function UnlockForm({ field, failure, passkeys, onUnlock }: UnlockFormProps) {
  const t = useTranslations("history");
  const hasPasskey = usableHere(passkeys).length > 0;
  const [kind, setKind] = useState<Kind>(hasPasskey ? "passkey" : "passphrase");
  const [empty, setEmpty] = useState(false);
  const [asking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<PasskeyRefusal | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const wasKind = useRef(kind);
  useEffect(() => {
    const goal = field.current ?? form.current?.querySelector<HTMLElement>("button[type=submit]");
    if (wasKind.current !== kind) goal?.focus();
    wasKind.current = kind;
  }, [kind, field]);

  async function submit(entered: FormData) {
    setRefusal(null);
    if (kind === "passkey") {
      if (asking) return;
      setAsking(true);
      const asked = await askPasskey(passkeys);
      setAsking(false);
      if (asked.ok) void onUnlock({ kind, ...asked.answer });
      else setRefusal(asked);
      return;
    }
    const secret = `${entered.get("secret") ?? ""}`;
    setEmpty(secret.trim() === "");
    if (secret.trim() === "") {
      field.current?.focus();
      return;
    }
    if (field.current) field.current.value = "";
    void onUnlock({ kind, secret });
  }

  const others = (["passkey", "passphrase", "recovery"] as const).filter(
    (other) => other !== kind && (other !== "passkey" || hasPasskey),
  );
  return (
    <form
      ref={form}
      className="grid gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      {refusal ? <PasskeyRefusalNotice refusal={refusal} /> : null}
      {kind === "passkey" ? <p>{t("passkey.unlockText")}</p> : null}
      {kind === "passkey" ? null : (
        <SecretField
          key={kind}
          kind={kind}
          field={field}
          empty={empty}
          refused={failure !== null && refusedKind(failure) === kind}
        />
      )}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <ActionButton type="submit" pending={asking} pendingLabel={t("passkey.waiting")}>
          {t(kind === "passkey" ? "passkey.use" : "unlock")}
        </ActionButton>
        {others.map((other) => (
          <ActionButton
            key={other}
            kind="link"
            onPress={() => {
              setEmpty(false);
              setRefusal(null);
              setKind(other);
            }}
          >
            {t(`present.use.${other}`)}
          </ActionButton>
        ))}
      </div>
      {passkeys.length > 0 && !hasPasskey ? (
        <p className="text-muted">{t("keys.passkeyElsewhere", { host: passkeys[0]?.host ?? "" })}</p>
      ) : null}
    </form>
  );
}

interface SecretFieldProps {
  kind: Exclude<Kind, "passkey">;
  field: RefObject<HTMLInputElement | null>;
  empty: boolean;
  refused: boolean;
}

function SecretField({ kind, field, empty, refused }: SecretFieldProps) {
  const t = useTranslations("history");
  const [visible, setVisible] = useState(false);
  return (
    <>
      {kind === "passphrase" ? <NameForPasswordManagers /> : null}
      <TextField
        ref={field}
        id="secret"
        name="secret"
        type={visible || kind === "recovery" ? "text" : "password"}
        label={t(kind === "passphrase" ? "passphrase" : "recoveryCode")}
        description={t(kind === "passphrase" ? "passphraseHint" : "recoveryCodeHint")}
        error={empty ? t(`present.empty.${kind}`) : null}
        aria-invalid={refused}
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
    </>
  );
}

function refusedKind({ why }: UnlockFailure): Kind | null {
  if (why === "wrong-passphrase") return "passphrase";
  return why === "wrong-recovery-code" || why === "misread-recovery-code" ? "recovery" : null;
}
