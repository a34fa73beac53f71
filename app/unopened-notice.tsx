/** Tells the signed-in patron on which day their unopened history will be deleted, while the library does so. */
import type { ReactNode } from "react";
import { readLastOpening } from "@/lib/custody/vault-openings";
import { env } from "@/lib/env";
import { getFormat, getT } from "./i18n";
import { server } from "./server";
import { Notice } from "./ui/notice";
import { TextLink } from "./ui/text-link";

interface UnopenedNoticeProps {
  patronId: string;
  /** A way to the history, from pages that are not it. */
  withLink?: boolean;
}

/** Nothing for anybody without such a history: the page looks the same. */
export async function UnopenedNotice({
  patronId,
  withLink = false,
}: UnopenedNoticeProps): Promise<ReactNode> {
  const { UNOPENED_VAULT_MONTHS: months } = env();
  if (months === 0) return null;
  const day = (await readLastOpening(server(), patronId, months))?.deletionDay;
  if (!day) return null;
  const [t, format] = [await getT(), await getFormat()];
  return (
    <Notice
      kind="warning"
      heading={t("unopened.heading", {
        day: format.dateTime(new Date(`${day}T00:00:00Z`), { dateStyle: "long" }),
      })}
    >
      <p>{t("unopened.text", { months })}</p>
      {withLink ? (
        <p>
          <TextLink href="/history">{t("unopened.link")}</TextLink>
        </p>
      ) : null}
    </Notice>
  );
}
