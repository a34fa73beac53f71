"use client";
/** The key itself, to copy or print, for one minute at a time. It is text of the page and in no box that a browser keeps. */
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Notice } from "@/app/ui/notice";
import { momentNow, msSince } from "./idle-lock";
import { useLibraryName } from "./library-name";
import { QrCode } from "./qr-code";

const shownMs = 60_000;
/** WCAG 2.2, 2.2.1: at least 20 seconds to ask for more. */
const warningMs = 30_000;

export function ShownKey({ identity, onHide }: { identity: string; onHide: () => void }) {
  const t = useTranslations("portable.key");
  const libraryName = useLibraryName();
  const [copied, setCopied] = useState<"copied" | "notCopied" | null>(null);
  const [hidesSoon, showLonger] = useHiding(onHide);

  async function copy() {
    try {
      await navigator.clipboard.writeText(identity);
      setCopied("copied");
    } catch {
      setCopied("notCopied");
    }
  }

  return (
    <>
      <div
        data-print="only"
        className="grid justify-items-center gap-4 rounded-card border border-line bg-card p-5 sm:grid-cols-[1fr_auto] sm:items-center"
      >
        <div className="grid min-w-0 gap-3">
          <p className="font-title text-xl">{t("sheetTitle")}</p>
          <p>{libraryName}</p>
          <p>
            <span className="sr-only">{t("lineName")}: </span>
            <code className="select-all break-all font-mono text-lg">{identity}</code>
          </p>
          <p className="text-base text-muted">{t("sheetText")}</p>
        </div>
        <QrCode text={identity} label={t("qrName")} />
      </div>
      <p role="status" className="max-w-measure font-semibold empty:hidden">
        {copied ? t(copied) : null}
      </p>
      {hidesSoon ? (
        <Notice kind="warning" announce="alert" heading={t("hidesSoon")}>
          <div>
            <ActionButton kind="quiet" onPress={showLonger}>
              {t("showLonger")}
            </ActionButton>
          </div>
        </Notice>
      ) : (
        <p className="text-muted">{t("hides")}</p>
      )}
      <div className="flex flex-wrap gap-3">
        <ActionButton onPress={onHide}>{t("hide")}</ActionButton>
        <ActionButton kind="quiet" onPress={() => void copy()}>
          {t("copy")}
        </ActionButton>
        <ActionButton kind="quiet" onPress={() => window.print()}>
          {t("print")}
        </ActionButton>
      </div>
    </>
  );
}

/** Whether it hides soon, and how to start the minute again. The clock is read, not trusted to tick. */
function useHiding(onHide: () => void): [boolean, () => void] {
  const since = useRef(momentNow());
  const [hidesSoon, setHidesSoon] = useState(false);
  const hide = useRef(onHide);
  hide.current = onHide;
  useEffect(() => {
    const timer = setInterval(() => {
      const passedMs = msSince(since.current);
      if (passedMs >= shownMs) hide.current();
      else setHidesSoon(passedMs >= shownMs - warningMs);
    }, 500);
    return () => clearInterval(timer);
  }, []);
  return [
    hidesSoon,
    () => {
      since.current = momentNow();
      setHidesSoon(false);
    },
  ];
}
