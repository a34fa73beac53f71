"use client";
/** What a page shows in place of itself when it failed. It prints nothing of the fault. */
import { useTranslations } from "use-intl";
import { Button, ButtonLink } from "./ui/button";
import { Page } from "./ui/page-frame";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  const t = useTranslations("errors");
  return (
    <Page heading={t("title")} lead={t("text")}>
      <title>{t("title")}</title>
      <div className="flex flex-wrap gap-3">
        <Button type="button" onClick={reset}>
          {t("retry")}
        </Button>
        <ButtonLink kind="quiet" href="/">
          {t("home")}
        </ButtonLink>
      </div>
    </Page>
  );
}
