"use client";
/** The keys of an open history: its ways to unlock, how to replace or remove them, how to add a passkey. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Card } from "@/app/ui/page-frame";
import type { Overview } from "@/lib/vault/unlocked-history";
import { KeyFailureNotice, NewPassphrase } from "./key-forms";
import { MakePasskey, NamePasskey } from "./new-passkey";
import { PresentSecretForm } from "./present-secret";
import { RecoverySheet, TypedGroup } from "./recovery-sheet";
import { StartAfresh } from "./start-afresh";
import { useStepFocus } from "./step-focus";
import { type KeysActs, type KeysState, useKeys } from "./use-keys";
import type { Vault } from "./use-vault";
import { WaysList } from "./ways-list";

type At<S extends KeysState["step"]> = Extract<KeysState, { step: S }> & { acts: KeysActs; vault: Vault };

export function Keys({ overview, vault }: { overview: Overview; vault: Vault }) {
  const t = useTranslations("history.keys");
  const [now, acts] = useKeys(vault);
  const { heading, inner } = useStepFocus(now.step);
  return (
    <section aria-labelledby="keys-heading" className="grid gap-4">
      <h2 id="keys-heading" ref={heading} tabIndex={-1} className="text-2xl">
        {t("heading")}
      </h2>
      {now.step === "list" ? (
        <>
          <WaysList ways={overview.ways} acts={acts} />
          <StartAfresh vault={vault} />
        </>
      ) : (
        <Card>
          <h3 ref={inner} tabIndex={-1} className="text-xl">
            {t(now.step === "done" ? `done.${now.changed}.heading` : `step.${now.step}`)}
          </h3>
          {now.step === "passphrase" ? <ChangePassphrase {...now} acts={acts} vault={vault} /> : null}
          {now.step === "recovery" ? <NewCode {...now} acts={acts} vault={vault} /> : null}
          {now.step === "code" ? <KeepCode {...now} acts={acts} vault={vault} /> : null}
          {now.step === "passkey" ? <NamePasskey {...now} acts={acts} vault={vault} /> : null}
          {now.step === "make" ? <MakePasskey {...now} acts={acts} vault={vault} /> : null}
          {now.step === "removal" ? <RemovePasskey {...now} acts={acts} vault={vault} /> : null}
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

function ChangePassphrase({ suggestion, failure, working, acts, vault }: At<"passphrase">) {
  const t = useTranslations("history.keys");
  const [passphrase, setPassphrase] = useState(suggestion);
  return (
    <>
      <p className="max-w-measure">{t("passphraseText")}</p>
      <PresentSecretForm
        passkeys={vault.passkeys}
        working={working}
        failure={failure ? <KeyFailureNotice failure={failure} /> : null}
        submitLabel={t("changePassphrase")}
        cancelLabel={t("cancel")}
        onCancel={acts.leave}
        onSubmit={(present) => void acts.change({ kind: "passphrase", present, passphrase })}
      >
        <NewPassphrase value={passphrase} onChange={setPassphrase} vault={vault} failure={failure} />
      </PresentSecretForm>
    </>
  );
}

function NewCode({ failure, working, acts, vault }: At<"recovery">) {
  const t = useTranslations("history.keys");
  return (
    <>
      <p className="max-w-measure">{t("recoveryText")}</p>
      <PresentSecretForm
        passkeys={vault.passkeys}
        working={working}
        failure={failure ? <KeyFailureNotice failure={failure} /> : null}
        submitLabel={t("makeCode")}
        cancelLabel={t("cancel")}
        onCancel={acts.leave}
        onSubmit={(present) => void acts.change({ kind: "recovery", present })}
      />
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

function RemovePasskey({ way, failure, working, acts, vault }: At<"removal">) {
  const t = useTranslations("history.keys");
  return (
    <>
      <p className="max-w-measure">{t("removalText", { name: way.name ?? t("way.passkey.name") })}</p>
      <PresentSecretForm
        passkeys={vault.passkeys}
        working={working}
        failure={failure ? <KeyFailureNotice failure={failure} /> : null}
        submitLabel={t("removePasskey")}
        submitKind="danger"
        cancelLabel={t("cancel")}
        onCancel={acts.leave}
        onSubmit={(present) => void acts.change({ kind: "removal", present, slotId: way.slotId })}
      />
    </>
  );
}
