"use client";
/** What lets an open history go without the library: a sealed copy of everything, and the key that opens it. */
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Card } from "@/app/ui/page-frame";
import { SealedDownload } from "./sealed-download";
import { ShowKey } from "./show-key";
import type { Vault } from "./use-vault";

const ways = ["copy", "key"] as const;
type Step = "list" | (typeof ways)[number];

export function Portable({ vault }: { vault: Vault }) {
  const t = useTranslations("portable");
  const [step, setStep] = useState<Step>("list");
  const [said, setSaid] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const previous = useRef<Step>(step);
  useEffect(() => {
    if (step === "list" && previous.current !== "list") heading.current?.focus();
    previous.current = step;
  }, [step]);
  const leave = (words = "") => {
    setSaid(words);
    setStep("list");
  };
  return (
    <section aria-labelledby="portable-heading" className="grid gap-4">
      <h2 id="portable-heading" ref={heading} tabIndex={-1} className="text-2xl">
        {t("heading")}
      </h2>
      <p className="max-w-measure">{t("text")}</p>
      <p role="status" className="font-semibold empty:hidden">
        {said}
      </p>
      {step === "list" ? (
        <ul className="grid border-t border-line">
          {ways.map((way) => (
            <li
              key={way}
              className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-3"
            >
              <div className="grid">
                <p className="font-semibold">{t(`way.${way}.name`)}</p>
                <p className="max-w-measure text-muted">{t(`way.${way}.text`)}</p>
              </div>
              <ActionButton
                kind="quiet"
                onPress={() => {
                  setSaid("");
                  setStep(way);
                }}
              >
                {t(`way.${way}.open`)}
              </ActionButton>
            </li>
          ))}
        </ul>
      ) : (
        <Card>
          {step === "copy" ? <SealedDownload vault={vault} onLeave={() => leave()} /> : null}
          {step === "key" ? (
            <ShowKey vault={vault} onLeave={() => leave()} onHidden={() => leave(t("key.hidden"))} />
          ) : null}
        </Card>
      )}
    </section>
  );
}
