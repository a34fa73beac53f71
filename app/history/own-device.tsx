"use client";
/** Whether this device is its reader's own: the switch in the open history, and the way to forget it while locked. */
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { Choice } from "@/app/ui/choice";
import { Notice } from "@/app/ui/notice";
import { deviceCopies, hasCopy } from "./device-copies";
import { matchOwnDeviceCookie } from "./own-device-cookie";
import type { Vault } from "./use-vault";

export function OwnDevice({ isOwn, vault }: { isOwn: boolean; vault: Vault }) {
  const t = useTranslations("history.device");
  const [said, setSaid] = useState<"kept" | "forgotten" | "notStored" | null>(null);
  /** What was just chosen, until it is done. */
  const [chosen, setChosen] = useState<boolean | null>(null);
  async function choose(own: boolean) {
    if (chosen !== null) return;
    setChosen(own);
    const done = await vault.setOwnDevice(own);
    setChosen(null);
    if (done !== null) setSaid(done ? (own ? "kept" : "forgotten") : "notStored");
  }
  return (
    <section aria-labelledby="device-heading" className="grid gap-4">
      <h2 id="device-heading" className="text-2xl">
        {t("heading")}
      </h2>
      <Choice
        id="own-device"
        label={t("own")}
        description={t("ownHint")}
        checked={chosen ?? isOwn}
        onChange={(event) => void choose(event.target.checked)}
      />
      {isOwn ? (
        <div>
          <ActionButton
            kind="quiet"
            onPress={() => {
              // The button goes away with the copy: the switch above it takes the focus.
              document.getElementById("own-device")?.focus();
              void choose(false);
            }}
          >
            {t("forget")}
          </ActionButton>
        </div>
      ) : null}
      <div role="status">{said && said !== "notStored" ? <p>{t(said)}</p> : null}</div>
      {said === "notStored" ? (
        <Notice kind="warning" announce="alert" heading={t("notStoredHeading")}>
          <p>{t("notStored")}</p>
        </Notice>
      ) : null}
    </section>
  );
}

/** Shown with the locked history, to a reader whose copy is here; nobody learns of another's. */
export function KeptHere({ vaultId }: { vaultId: string }) {
  const t = useTranslations("history.device");
  const [state, setState] = useState<"unknown" | "kept" | "forgotten">("unknown");
  const words = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    let isShown = true;
    void hasCopy(vaultId).then((kept) => {
      if (isShown && kept) setState("kept");
    });
    return () => {
      isShown = false;
    };
  }, [vaultId]);
  async function forget() {
    await deviceCopies.forget(vaultId);
    await matchOwnDeviceCookie();
    setState("forgotten");
    words.current?.focus();
  }
  if (state === "unknown") return null;
  return (
    <div role="status" className="grid justify-items-start gap-2 border-t border-line pt-4 text-muted">
      <p ref={words} tabIndex={-1}>
        {t(state === "kept" ? "keptHere" : "forgotten")}
      </p>
      {state === "kept" ? (
        <ActionButton kind="quiet" onPress={() => void forget()}>
          {t("forget")}
        </ActionButton>
      ) : null}
    </div>
  );
}
