"use client";
/** The box for a passphrase that is being chosen, the words offered in full above it, and an honest word on strength. */
import { useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { TextField } from "@/app/ui/text-field";
import type { PassphraseJudgement } from "@/lib/vault/unlocked-history";

interface PassphraseChoiceProps {
  label: string;
  /** In place of the words on a passphrase that opens the history. */
  description?: string;
  value: string;
  /** True after an attempt that was refused for its weakness: until it is changed, the reason is the box's fault. */
  refused?: boolean;
  onChange: (passphrase: string) => void;
  judge: (passphrase: string) => Promise<PassphraseJudgement | null>;
}

export function PassphraseChoice(props: PassphraseChoiceProps) {
  const { label, description, value, refused = false, onChange, judge } = props;
  const t = useTranslations("setup");
  const id = useId();
  const [judgement, setJudgement] = useState<PassphraseJudgement | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [wasRefused, setWasRefused] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  if (refused !== wasRefused) {
    setWasRefused(refused);
    setFault(refused ? value : null);
  }
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (fault !== null) box.current?.focus();
  }, [fault]);
  const latest = useRef(judge);
  latest.current = judge;
  useEffect(() => {
    let current = true;
    void latest.current(value).then((verdict) => {
      if (current) setJudgement(verdict);
    });
    return () => {
      current = false;
    };
  }, [value]);
  const isWeak = judgement !== null && !judgement.ok;
  const verdict = judgement ? t(`strength.${judgement.ok ? judgement.strength : judgement.why}`) : null;
  const isFault = isWeak && value === fault;
  return (
    <>
      {value !== typed ? (
        <ol
          aria-label={t("fiveWords")}
          className="flex flex-wrap gap-x-6 gap-y-1 rounded-card border border-line bg-sunk p-4 font-mono text-xl"
        >
          {value.split(" ").map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place; two may be alike
            <li key={index}>{word}</li>
          ))}
        </ol>
      ) : null}
      <TextField
        ref={box}
        id={id}
        label={label}
        description={description ?? t("passphraseHint")}
        error={isFault ? verdict : null}
        code
        value={value}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(event.target.value);
        }}
        // Browsers write what stands in a plain text box to their session files, unless it is off.
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <p role="status" className={isWeak ? "font-semibold text-danger" : "text-muted"}>
        {isFault ? null : verdict}
      </p>
    </>
  );
}
