"use client";
/** The download of everything, sealed: who is to open it, and the one file. */
import { useEffect, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import type { PresentRefusal, SealedCopyOutcome, SealedFor } from "@/lib/vault/unlocked-history";
import { useLibraryName } from "./library-name";
import { PresentRefusalText } from "./present-refusal";
import { saveFile } from "./save-file";
import { bundleName, packBundle } from "./sealed-bundle";
import { writeInstructions } from "./sealed-copy-instructions";
import { SealedForChoice } from "./sealed-for-choice";
import type { Vault } from "./use-vault";

type Failure = Extract<SealedCopyOutcome, { ok: false }>;
type Now = { step: "asked"; working: boolean; failure: Failure | null } | { step: "saved" };

export function SealedDownload({ vault, onLeave }: { vault: Vault; onLeave: () => void }) {
  const t = useTranslations("portable.copy");
  const cancelLabel = useTranslations("portable")("cancel");
  const readme = useTranslations("portable.readme");
  const format = useFormatter();
  const library = useLibraryName();
  const [now, setNow] = useState<Now>({ step: "asked", working: false, failure: null });
  const [sealedFor, setSealedFor] = useState<SealedFor>({ kind: "own" });
  const heading = useRef<HTMLHeadingElement>(null);
  const { step } = now;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its heading
  useEffect(() => heading.current?.focus(), [step]);

  async function download() {
    setNow({ step: "asked", working: true, failure: null });
    const outcome = await vault.copySealed(sealedFor);
    if (outcome === null) return;
    if (!outcome.ok) return setNow({ step: "asked", working: false, failure: outcome });
    const day = format.dateTime(new Date(`${outcome.madeOn}T00:00:00Z`), { dateStyle: "long" });
    const text = writeInstructions(readme, outcome, sealedFor, { library, day });
    saveFile(bundleName, "application/zip", await packBundle(outcome, { name: readme("file"), text }));
    setNow({ step: "saved" });
  }

  if (now.step === "saved") {
    return (
      <>
        <h3 ref={heading} tabIndex={-1} className="text-xl">
          {t("done")}
        </h3>
        <p className="max-w-measure">{t("doneText", { file: bundleName, readme: readme("file") })}</p>
        <div>
          <ActionButton kind="quiet" onPress={onLeave}>
            {cancelLabel}
          </ActionButton>
        </div>
      </>
    );
  }
  return (
    <>
      <h3 ref={heading} tabIndex={-1} className="text-xl">
        {t("heading")}
      </h3>
      <p className="max-w-measure">{t("text")}</p>
      <form
        className="grid gap-5"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!now.working) void download();
        }}
      >
        <SealedForChoice value={sealedFor} onChange={setSealedFor} vault={vault} />
        {now.failure ? (
          <Notice kind="warning" announce="alert" heading={t("failed")}>
            {isOwn(now.failure) ? (
              <p>{t(`failure.${now.failure.why}`)}</p>
            ) : (
              <PresentRefusalText failure={now.failure} />
            )}
          </Notice>
        ) : null}
        <div className="flex flex-wrap gap-3">
          <ActionButton type="submit" pending={now.working} pendingLabel={t("working")}>
            {t("submit")}
          </ActionButton>
          <ActionButton kind="quiet" onPress={onLeave}>
            {cancelLabel}
          </ActionButton>
        </div>
      </form>
    </>
  );
}

type OwnFailure = Exclude<Failure, PresentRefusal>;

/** What only a sealed copy can meet, beside what any fetching of the vault can. */
const own: Record<OwnFailure["why"], true> = {
  empty: true,
  "too-weak": true,
  "digits-only": true,
  "card-number": true,
  "bad-recipient": true,
};

function isOwn(failure: Failure): failure is OwnFailure {
  return failure.why in own;
}
