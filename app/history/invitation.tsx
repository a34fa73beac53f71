"use client";
/** What a patron without a history sees: what it would be, and the way to turn it on. */
import { useTranslations } from "use-intl";
import { ButtonLink } from "@/app/ui/button";
import { Card } from "@/app/ui/page-frame";
import { TextLink } from "@/app/ui/text-link";

export function Invitation() {
  const t = useTranslations("history.invitation");
  return (
    <Card className="max-w-measure">
      <h2 className="text-2xl">{t("heading")}</h2>
      <p>{t("text")}</p>
      <div className="flex flex-wrap items-center gap-4">
        <ButtonLink href="/history/setup">{t("turnOn")}</ButtonLink>
        <TextLink href="/privacy" className="inline-flex min-h-11 items-center">
          {t("whoCanRead")}
        </TextLink>
      </div>
    </Card>
  );
}
