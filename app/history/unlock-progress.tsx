"use client";
/** What the vault's thread is doing while it opens, step by step. It is shown, not read out: the steps are quick. */
import { useTranslations } from "use-intl";
import type { UnlockStep } from "@/lib/vault/unlocked-history";

const steps: readonly UnlockStep[] = ["fetching", "stretching", "asking", "opening", "merging", "saving"];

export function UnlockProgress({ step }: { step: UnlockStep }) {
  const t = useTranslations("history");
  return (
    <div className="grid content-start gap-4">
      <progress
        aria-labelledby="unlock-step"
        className="progress-line"
        max={steps.length}
        value={steps.indexOf(step) + 0.5}
      />
      <p id="unlock-step" className="text-lg">
        {t(`step.${step}`)}
      </p>
    </div>
  );
}
