"use client";
/** The sheet with a recovery code, to print or save, and the form that takes one of its groups back. */
import { type ReactNode, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ActionButton } from "@/app/ui/action-button";
import { TextField } from "@/app/ui/text-field";
import { useLibraryName } from "./library-name";
import { QrCode } from "./qr-code";
import { saveFile } from "./save-file";

export function RecoverySheet({ recoveryCode }: { recoveryCode: string }) {
  const t = useTranslations("setup");
  const libraryName = useLibraryName();
  return (
    <>
      <div
        data-print="only"
        className="recovery-sheet grid justify-items-center gap-4 rounded-card border border-line bg-card p-5 sm:grid-cols-[1fr_auto] sm:items-center"
      >
        <div className="grid gap-3">
          <p className="font-title text-xl">{t("sheetTitle")}</p>
          <p>{libraryName}</p>
          <ol aria-label={t("recoveryCode")} className="flex flex-wrap gap-x-4 gap-y-2 font-mono text-xl">
            {recoveryCode.split("-").map((group, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place; two may be alike
              <li key={index} className="grid justify-items-center">
                <span aria-hidden="true" className="font-text text-sm text-muted">
                  {index + 1}
                </span>
                {group}
              </li>
            ))}
          </ol>
          <p className="text-base text-muted">{t("sheetText")}</p>
        </div>
        <QrCode text={recoveryCode} label={t("qrName")} />
      </div>
      <div className="flex flex-wrap gap-3" data-print="no">
        <ActionButton kind="quiet" onPress={() => window.print()}>
          {t("print")}
        </ActionButton>
        <ActionButton
          kind="quiet"
          onPress={() =>
            saveFile(
              "recovery-code.txt",
              "text/plain;charset=utf-8",
              `${t("sheetTitle")}\n${libraryName}\n\n${recoveryCode}\n\n${t("sheetText")}\n`,
            )
          }
        >
          {t("saveFile")}
        </ActionButton>
      </div>
    </>
  );
}

/** Forgiving in the way the code itself is: case, O for 0, I and L for 1. */
function sameGroup(typed: string, group: string | undefined): boolean {
  const plain = (text: string) =>
    text
      .toUpperCase()
      .replaceAll(/[^0-9A-Z]/g, "")
      .replaceAll("O", "0")
      .replaceAll(/[IL]/g, "1");
  return group !== undefined && plain(typed) === plain(group);
}

interface TypedGroupProps {
  recoveryCode: string;
  onRight: () => void;
  /** What follows the box: a failure, the button. */
  children: ReactNode;
}

/** Asks for one group, picked at random, to be sure that the sheet can be read. */
export function TypedGroup({ recoveryCode, onRight, children }: TypedGroupProps) {
  const t = useTranslations("setup");
  const groups = recoveryCode.split("-");
  const [asked] = useState(() => Math.floor(Math.random() * groups.length));
  const [wrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      className="grid gap-5"
      data-print="no"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const typed = `${new FormData(event.currentTarget).get("group") ?? ""}`;
        const right = sameGroup(typed, groups[asked]);
        setWrong(!right);
        if (right) onRight();
        else field.current?.select();
      }}
    >
      <TextField
        ref={field}
        id="group"
        name="group"
        label={t("typeGroup", { number: asked + 1 })}
        description={t("typeGroupHint")}
        error={wrong ? t("groupWrong") : null}
        code
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={8}
      />
      {children}
    </form>
  );
}
