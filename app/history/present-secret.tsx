"use client";
/** Asks for a present secret, because an open page is no proof of its reader: passphrase, recovery code, or a passkey. */
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { TextField } from "@/app/ui/text-field";
import type { PasskeyQuestion } from "@/lib/vault/passkey-question";
import type { Secret } from "@/lib/vault/unlocked-history";
import { askPasskey, type PasskeyRefusal, usableHere } from "./passkey";
import { PasskeyRefusalNotice } from "./passkey-refusal";

interface PresentSecretFormProps {
  /** The vault's passkeys; those that were made at this address are offered. */
  passkeys: readonly PasskeyQuestion[];
  working: boolean;
  /** What went wrong the last time, shown above the buttons. */
  failure: ReactNode;
  submitLabel: string;
  cancelLabel: string;
  submitKind?: "primary" | "danger";
  /** The secret goes to the vault's thread and is kept nowhere: a second attempt asks again. */
  onSubmit: (present: Secret) => void;
  onCancel: () => void;
  /** What else the form asks. */
  children?: ReactNode;
}

export function PresentSecretForm(props: PresentSecretFormProps) {
  const { passkeys, working, failure, submitLabel, cancelLabel, submitKind, onSubmit, onCancel } = props;
  const t = useTranslations("history.present");
  const hasPasskey = usableHere(passkeys).length > 0;
  const [kind, setKind] = useState<Secret["kind"]>(hasPasskey ? "passkey" : "passphrase");
  const [empty, setEmpty] = useState(false);
  const [asking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<PasskeyRefusal | null>(null);
  const field = useId();
  const form = useRef<HTMLFormElement>(null);
  const wasKind = useRef(kind);
  useEffect(() => {
    const goal = kind === "passkey" ? "button[type=submit]" : "input[name=present]";
    if (wasKind.current !== kind) form.current?.querySelector<HTMLElement>(goal)?.focus();
    wasKind.current = kind;
  }, [kind]);

  async function submit(form: HTMLFormElement) {
    if (working || asking) return;
    setRefusal(null);
    if (kind === "passkey") {
      setAsking(true);
      const asked = await askPasskey(passkeys);
      setAsking(false);
      if (asked.ok) onSubmit({ kind, ...asked.answer });
      else setRefusal(asked);
      return;
    }
    const secret = `${new FormData(form).get("present") ?? ""}`;
    setEmpty(secret.trim() === "");
    if (secret.trim() !== "") onSubmit({ kind, secret });
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
        void submit(event.currentTarget);
      }}
    >
      {kind === "passkey" ? (
        <div className="grid gap-1.5">
          <p className="font-semibold">{t("passkey")}</p>
          <p className="max-w-measure text-muted">{t("passkeyHint")}</p>
        </div>
      ) : (
        <TextField
          key={kind}
          id={field}
          name="present"
          type={kind === "passphrase" ? "password" : "text"}
          label={t(kind)}
          description={t("hint")}
          error={empty ? t(`empty.${kind}`) : null}
          code={kind === "recovery"}
          autoComplete={kind === "passphrase" ? "current-password" : "off"}
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      <div className="flex flex-wrap gap-x-6">
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
            {t(`use.${other}`)}
          </ActionButton>
        ))}
      </div>
      {props.children}
      {refusal ? <PasskeyRefusalNotice refusal={refusal} /> : failure}
      <div className="flex flex-wrap gap-3">
        <ActionButton
          type="submit"
          kind={submitKind ?? "primary"}
          pending={working || asking}
          pendingLabel={t(asking ? "asking" : "working")}
        >
          {submitLabel}
        </ActionButton>
        <ActionButton kind="quiet" onPress={onCancel}>
          {cancelLabel}
        </ActionButton>
      </div>
    </form>
  );
}
