/** The words and formats of the current request's language, for server components and actions. */
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { createFormatter, createTranslator } from "use-intl/core";
import en from "../messages/en.json";
import es from "../messages/es.json";
import { chooseLocale, type Locale } from "./locale";

export type Messages = typeof en;
export type Namespace = keyof Messages;

const messages: Record<Locale, Messages> = { en, es };

/** Loan dates are calendar days without a clock. UTC keeps them on their day everywhere. */
export const timeZone = "UTC";

export const getLocale = cache(async (): Promise<Locale> => {
  const [jar, sent] = [await cookies(), await headers()];
  return chooseLocale(jar.get("locale")?.value, sent.get("accept-language"));
});

export const getT = cache(async () => {
  const locale = await getLocale();
  return createTranslator({ locale, messages: messages[locale], timeZone });
});

export type T = Awaited<ReturnType<typeof getT>>;

export const getFormat = cache(async () => createFormatter({ locale: await getLocale(), timeZone }));

/** What `<Words>` needs to give client leaves the words of some namespaces: `<Words {...await wordsFor("history")}>`. */
export async function wordsFor(...namespaces: Namespace[]) {
  const locale = await getLocale();
  const chosen: Partial<Messages> = Object.fromEntries(
    namespaces.map((name) => [name, messages[locale][name]]),
  );
  return { locale, messages: chosen, timeZone };
}
