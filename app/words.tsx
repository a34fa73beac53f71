"use client";
/** Hands the words of some namespaces to client leaves, which read them with use-intl's `useTranslations("history")`. */
import type { ReactNode } from "react";
import { IntlProvider, type Messages } from "use-intl";
import type { Locale } from "./locale";

interface WordsProps {
  locale: Locale;
  messages: Partial<Messages>;
  timeZone: string;
  children: ReactNode;
}

export function Words({ locale, messages, timeZone, children }: WordsProps) {
  return (
    <IntlProvider locale={locale} messages={messages} timeZone={timeZone}>
      {children}
    </IntlProvider>
  );
}
