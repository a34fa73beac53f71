"use client";
/** The desk's forms. Without JavaScript they are plain ones; with it, the barcode box keeps the focus between items. */
import { useActionState, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Card } from "../ui/page-frame";
import { TextField } from "../ui/text-field";
import { operateDesk } from "./operate";

interface DeskFormsProps {
  /** The last four digits of the card on the desk, or null. */
  cardEnding: string | null;
  fines: { loanId: string; title: string; sum: string }[];
}

export function DeskForms({ cardEnding, fines }: DeskFormsProps) {
  const t = useTranslations("desk");
  const [answer, operate] = useActionState(operateDesk, null);
  const place = useRef<HTMLDivElement>(null);
  const turn = answer?.turn;

  useEffect(() => {
    if (turn === undefined) return;
    place.current?.querySelector<HTMLInputElement>(cardEnding === null ? "#card" : "#barcode")?.focus();
  }, [turn, cardEnding]);

  return (
    <div ref={place} className="grid gap-6">
      <div role="status" aria-label={t("result")}>
        {answer ? (
          <Notice kind={answer.kind} heading={answer.text}>
            {answer.note ? <p>{answer.note}</p> : null}
          </Notice>
        ) : null}
      </div>
      <Card>
        {cardEnding === null ? (
          <form action={operate} className="grid gap-4">
            <TextField id="card" name="card" label={t("card")} {...scanned} autoFocus />
            <Button name="step" value="card" className="justify-self-start">
              {t("useCard")}
            </Button>
          </form>
        ) : (
          <form action={operate} className="flex flex-wrap items-center justify-between gap-4">
            <p className="font-semibold">{t("cardInUse", { card: `…${cardEnding}` })}</p>
            <Button kind="quiet" name="step" value="finish">
              {t("finish")}
            </Button>
          </form>
        )}
      </Card>
      <Card>
        <form action={operate} className="grid gap-4">
          <TextField
            id="barcode"
            name="barcode"
            label={t("barcode")}
            description={t(cardEnding === null ? "barcodeHelpNoCard" : "barcodeHelp")}
            {...scanned}
            autoFocus={cardEnding !== null}
          />
          <div className="flex flex-wrap gap-3">
            {cardEnding === null ? null : (
              <>
                <Button name="step" value="check-out">
                  {t("checkOut")}
                </Button>
                <Button kind="quiet" name="step" value="renew">
                  {t("renew")}
                </Button>
              </>
            )}
            <Button kind="quiet" name="step" value="return">
              {t("return")}
            </Button>
          </div>
        </form>
      </Card>
      {fines.length > 0 ? (
        <section aria-labelledby="fines" className="grid gap-4">
          <h2 id="fines" className="text-2xl">
            {t("fines")}
          </h2>
          {fines.map((fine) => (
            <form
              key={fine.loanId}
              action={operate}
              className="flex flex-wrap items-center justify-between gap-3"
            >
              <span>{fine.title}</span>
              <input type="hidden" name="loan" value={fine.loanId} />
              <Button
                kind="quiet"
                name="step"
                value="pay"
                aria-label={t("payFor", { sum: fine.sum, title: fine.title })}
              >
                {t("pay", { sum: fine.sum })}
              </Button>
            </form>
          ))}
        </section>
      ) : null}
    </div>
  );
}

const scanned = {
  code: true,
  autoComplete: "off",
  autoCapitalize: "none",
  spellCheck: false,
  maxLength: 64,
} as const;
