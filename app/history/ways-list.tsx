"use client";
/** The ways to unlock an open history: what each is, since when, when it was last used, and how to change it. */
import { useFormatter, useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import type { Way } from "@/lib/vault/unlocked-history";
import { mostPasskeys } from "@/lib/vault/vault-contents";
import { passkeyHost } from "./passkey";
import type { KeysActs } from "./use-keys";

export function WaysList({ ways, acts }: { ways: readonly Way[]; acts: KeysActs }) {
  const t = useTranslations("history.keys");
  const isFull = ways.filter(({ kind }) => kind === "passkey").length >= mostPasskeys;
  return (
    <>
      <ul aria-label={t("heading")} className="grid border-t border-line">
        {ways.map((way) => (
          <WayLine key={way.slotId} way={way} acts={acts} />
        ))}
      </ul>
      {isFull ? (
        <p className="max-w-measure text-muted">{t("passkeysFull")}</p>
      ) : (
        <div className="grid justify-items-start gap-2">
          <p className="max-w-measure text-muted">{t("passkeyOffer")}</p>
          <ActionButton kind="quiet" onPress={() => void acts.begin("passkey")}>
            {t("addPasskey")}
          </ActionButton>
        </div>
      )}
    </>
  );
}

function WayLine({ way, acts }: { way: Way; acts: KeysActs }) {
  const t = useTranslations("history.keys");
  const format = useFormatter();
  const { kind, passkey } = way;
  const name = way.name ?? t(`way.${kind}.name`);
  const day = (on: string) => format.dateTime(new Date(`${on}T00:00:00Z`), { dateStyle: "long" });
  const host = passkey && passkey.host !== passkeyHost() ? passkey.host : null;
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-3">
      <div className="grid gap-1">
        <p className="font-semibold">{name}</p>
        <p className="max-w-measure text-muted">
          {host === null ? t(`way.${kind}.text`) : t("passkeyElsewhere", { host })}
        </p>
        <p className="text-muted">
          {way.madeOn === null ? t("daysUnknown") : t("madeOn", { day: day(way.madeOn) })}{" "}
          {way.usedOn !== null ? t("usedOn", { day: day(way.usedOn) }) : null}
          {way.usedOn === null && way.madeOn !== null ? t("neverUsed") : null}
        </p>
      </div>
      {kind === "passkey" ? (
        <ActionButton kind="quiet" label={t("removeNamed", { name })} onPress={() => acts.beginRemoval(way)}>
          {t("removePasskey")}
        </ActionButton>
      ) : (
        <ActionButton kind="quiet" onPress={() => void acts.begin(kind)}>
          {t(`way.${kind}.change`)}
        </ActionButton>
      )}
    </li>
  );
}
