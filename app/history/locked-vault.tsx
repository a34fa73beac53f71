"use client";
/** The closed vault, locked or unlocking, in one card of steady height: why it is locked, what went wrong, the form. */
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { useInBrowser } from "@/app/in-browser";
import { Notice } from "@/app/ui/notice";
import { Card } from "@/app/ui/page-frame";
import { KeptHere } from "./own-device";
import { UnlockFailureNotice } from "./unlock-failure";
import { UnlockForm } from "./unlock-form";
import { UnlockProgress } from "./unlock-progress";
import type { Vault, VaultState } from "./use-vault";

interface LockedVaultProps {
  now: Exclude<VaultState, { state: "open" }>;
  vaultId: string;
  passkeys: Vault["passkeys"];
  onUnlock: Vault["unlock"];
  onDelete: () => void;
  deleting: boolean;
}

export function LockedVault({ now, vaultId, passkeys, onUnlock, onDelete, deleting }: LockedVaultProps) {
  const t = useTranslations("history");
  const isLive = useInBrowser();
  const heading = useRef<HTMLHeadingElement>(null);
  const notice = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const { failure } = now;
  const unlocking = now.state === "unlocking";
  const reason = now.state === "locked" ? now.reason : null;

  useEffect(() => {
    if (unlocking || reason) {
      heading.current?.focus();
    } else if (failure) {
      // Where the reader can act: at a link that the notice offers, or else at the emptied field, if there is one.
      (notice.current?.querySelector("a") ?? field.current ?? heading.current)?.focus();
      notice.current?.scrollIntoView({ block: "nearest" });
    }
  }, [unlocking, reason, failure]);

  return (
    <Card className="max-w-measure">
      <div className="grid gap-2">
        <h2 ref={heading} tabIndex={-1} aria-describedby="lock-reason" className="text-2xl">
          {t(unlocking ? "unlocking" : "lockedHeading")}
        </h2>
        <p id="lock-reason" hidden={reason === null} className="text-muted">
          {reason ? t(`lockedBecause.${reason}`) : null}
        </p>
      </div>
      <div className="grid *:col-start-1 *:row-start-1">
        <div inert={unlocking} className={`grid content-start gap-5 ${unlocking ? "invisible" : ""}`}>
          <div ref={notice} className="empty:hidden">
            {failure ? (
              <UnlockFailureNotice failure={failure} onDelete={onDelete} deleting={deleting} />
            ) : null}
          </div>
          {isLive ? (
            <UnlockForm field={field} failure={failure} passkeys={passkeys} onUnlock={onUnlock} />
          ) : (
            <FormToCome />
          )}
          <KeptHere vaultId={vaultId} />
        </div>
        {now.state === "unlocking" ? <UnlockProgress step={now.step} /> : null}
      </div>
    </Card>
  );
}

/** As high as the form that takes its place. [Note: secrets only in a live page] */
function FormToCome() {
  const t = useTranslations("history");
  return (
    <div className="min-h-[21.75rem] sm:min-h-[16.75rem]">
      <noscript>
        <Notice kind="warning" heading={t("noScriptHeading")}>
          <p>{t("noScript")}</p>
        </Notice>
      </noscript>
    </div>
  );
}
