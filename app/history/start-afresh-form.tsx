"use client";
/** Before a fresh start: what it does and what it cannot do, who asks, and the passphrase that is to come. */
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "@/app/ui/notice";
import { KeyFailureNotice, NewPassphrase } from "./key-forms";
import { PresentSecretForm } from "./present-secret";
import type { AfreshActs, AfreshState } from "./use-afresh";
import type { Vault } from "./use-vault";

type AfreshFormProps = Extract<AfreshState, { step: "form" }> & { acts: AfreshActs; vault: Vault };

export function AfreshForm({ suggestion, failure, working, acts, vault }: AfreshFormProps) {
  const t = useTranslations("history.afresh");
  const [passphrase, setPassphrase] = useState(suggestion);
  return (
    <>
      <Points heading={t("doesHeading")}>
        {(["loans", "keys", "devices", "backups"] as const).map((point) => (
          <li key={point}>{t(`does.${point}`)}</li>
        ))}
      </Points>
      <Points heading={t("doesNotHeading")}>
        {(["read", "copies"] as const).map((point) => (
          <li key={point}>{t(`doesNot.${point}`)}</li>
        ))}
      </Points>
      <GivenUp vault={vault} />
      <PresentSecretForm
        passkeys={vault.passkeys}
        working={working}
        failure={failure ? <KeyFailureNotice failure={failure} /> : null}
        submitLabel={t("showCode")}
        cancelLabel={t("cancel")}
        onCancel={acts.leave}
        onSubmit={(present) => void acts.prepare({ present, passphrase })}
      >
        <p className="max-w-measure">{t("passphraseText")}</p>
        <NewPassphrase value={passphrase} onChange={setPassphrase} vault={vault} failure={failure} />
      </PresentSecretForm>
    </>
  );
}

function Points({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <div className="prose grid max-w-measure gap-2">
      <p className="font-semibold">{heading}</p>
      <ul className="grid list-disc gap-2 ps-6">{children}</ul>
    </div>
  );
}

/** What the old keys alone could still have opened, if it came back. */
function GivenUp({ vault: { now } }: { vault: Vault }) {
  const t = useTranslations("history.afresh");
  if (now.state !== "open") return null;
  const { lost, unreadableInbox } = now.overview;
  if (lost.chapters === 0 && unreadableInbox === 0) return null;
  return (
    <Notice kind="danger" heading={t("lostHeading")}>
      <p>{t("lost", { loans: lost.entries, entries: unreadableInbox })}</p>
    </Notice>
  );
}
