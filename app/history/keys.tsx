"use client";
/** The keys of an open history: its two ways to unlock, and how to replace either. */
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Card } from "@/app/ui/page-frame";
import { KeyFailureNotice, NewPassphrase } from "./key-forms";
import { PresentSecretForm } from "./present-secret";
import { RecoverySheet, TypedGroup } from "./recovery-sheet";
import { type KeysActs, type KeysState, useKeys } from "./use-keys";
import type { Vault } from "./use-vault";

type At<S extends KeysState["step"]> = Extract<KeysState, { step: S }> & { acts: KeysActs };

export function Keys({ vault }: { vault: Vault }) {
  const t = useTranslations("history.keys");
  const [now, acts] = useKeys(vault);
  const heading = useRef<HTMLHeadingElement>(null);
  const inner = useRef<HTMLHeadingElement>(null);
  const previous = useRef(now.step);
  useEffect(() => {
    if (previous.current !== now.step) (inner.current ?? heading.current)?.focus();
    previous.current = now.step;
  }, [now.step]);
  return (
    <section aria-labelledby="keys-heading" className="grid gap-4">
      <h2 id="keys-heading" ref={heading} tabIndex={-1} className="text-2xl">
        {t("heading")}
      </h2>
      {now.step === "list" ? <Ways acts={acts} /> : null}
      {now.step === "list" ? null : (
        <Card>
          <h3 ref={inner} tabIndex={-1} className="text-xl">
            {t(now.step === "done" ? `done.${now.changed}.heading` : `step.${now.step}`)}
          </h3>
          {now.step === "passphrase" ? <ChangePassphrase {...now} acts={acts} vault={vault} /> : null}
          {now.step === "recovery" ? (
            <>
              <p className="max-w-measure">{t("recoveryText")}</p>
              <PresentSecretForm
                passkeys={vault.passkeys}
                working={now.working}
                failure={now.failure ? <KeyFailureNotice failure={now.failure} /> : null}
                cancelLabel={t("cancel")}
                submitLabel={t("makeCode")}
                onCancel={acts.leave}
                onSubmit={(present) => void acts.change({ kind: "recovery", present })}
              />
            </>
          ) : null}
          {now.step === "code" ? <KeepCode {...now} acts={acts} /> : null}
          {now.step === "done" ? (
            <>
              <p className="max-w-measure">{t(`done.${now.changed}.text`)}</p>
              <div>
                <ActionButton kind="quiet" onPress={acts.leave}>
                  {t("back")}
                </ActionButton>
              </div>
            </>
          ) : null}
        </Card>
      )}
    </section>
  );
}

function Ways({ acts }: { acts: KeysActs }) {
  const t = useTranslations("history.keys");
  return (
    <ul className="grid border-t border-line">
      {(["passphrase", "recovery"] as const).map((kind) => (
        <li
          key={kind}
          className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-3"
        >
          <div className="grid">
            <p className="font-semibold">{t(`way.${kind}.name`)}</p>
            <p className="max-w-measure text-muted">{t(`way.${kind}.text`)}</p>
          </div>
          <ActionButton kind="quiet" onPress={() => void acts.begin(kind)}>
            {t(`way.${kind}.change`)}
          </ActionButton>
        </li>
      ))}
    </ul>
  );
}

function ChangePassphrase({ suggestion, acts, vault, ...now }: At<"passphrase"> & { vault: Vault }) {
  const t = useTranslations("history.keys");
  const [passphrase, setPassphrase] = useState(suggestion);
  return (
    <>
      <p className="max-w-measure">{t("passphraseText")}</p>
      <PresentSecretForm
        passkeys={vault.passkeys}
        working={now.working}
        failure={now.failure ? <KeyFailureNotice failure={now.failure} /> : null}
        cancelLabel={t("cancel")}
        submitLabel={t("changePassphrase")}
        onCancel={acts.leave}
        onSubmit={(present) => void acts.change({ kind: "passphrase", present, passphrase })}
      >
        <NewPassphrase value={passphrase} onChange={setPassphrase} vault={vault} />
      </PresentSecretForm>
    </>
  );
}

function KeepCode({ recoveryCode, failure, working, acts }: At<"code">) {
  const t = useTranslations("history.keys");
  return (
    <>
      <p className="max-w-measure">{t("codeText")}</p>
      <RecoverySheet recoveryCode={recoveryCode} />
      <TypedGroup recoveryCode={recoveryCode} onRight={() => (working ? undefined : void acts.keepCode())}>
        {failure ? <KeyFailureNotice failure={failure} /> : null}
        <div className="flex flex-wrap gap-3">
          <ActionButton type="submit" pending={working} pendingLabel={t("working")}>
            {t("keepCode")}
          </ActionButton>
          <ActionButton kind="quiet" onPress={acts.leave}>
            {t("cancel")}
          </ActionButton>
        </div>
      </TypedGroup>
    </>
  );
}
