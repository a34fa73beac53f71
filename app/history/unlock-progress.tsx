"use client";
/** What the vault's thread is doing while it opens, step by step. */
import { useTranslations } from "use-intl";
import { Card } from "@/app/ui/page-frame";
import type { UnlockStep } from "@/lib/vault/unlocked-history";

const steps: readonly UnlockStep[] = ["fetching", "stretching", "asking", "opening", "merging", "saving"];

export function UnlockProgress({ step }: { step: UnlockStep }) {
  const t = useTranslations("history");
  return (
    <Card>
      <p id="unlock-step" role="status" className="text-lg">
        {t(`step.${step}`)}
      </p>
      <progress
        aria-labelledby="unlock-step"
        className="h-3 w-full accent-accent"
        max={steps.length}
        value={steps.indexOf(step) + 0.5}
      />
    </Card>
  );
}
