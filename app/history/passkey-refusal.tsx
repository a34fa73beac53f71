"use client";
/** Why a passkey could not be made or used, in words. */
import { useTranslations } from "use-intl";
import { Notice } from "@/app/ui/notice";
import type { PasskeyRefusal } from "./passkey";

export function PasskeyRefusalNotice({ refusal }: { refusal: PasskeyRefusal }) {
  const t = useTranslations("history.passkey.refusal");
  return (
    <Notice kind="warning" announce="alert" heading={t(`${refusal.why}.heading`)}>
      <p>{t(`${refusal.why}.text`, refusal.why === "elsewhere" ? { host: refusal.host } : {})}</p>
    </Notice>
  );
}
