/** The foot of every page: privacy, language and theme, as plain forms. */
import type { ReactNode } from "react";
import { getLocale, getT } from "./i18n";
import { localeNames, locales } from "./locale";
import { storePreference } from "./preferences";
import { readTheme, themes } from "./theme";
import { TextLink } from "./ui/text-link";

export async function Footer() {
  const [t, locale, theme] = [await getT(), await getLocale(), await readTheme()];
  return (
    <footer data-print="no" className="mt-10 border-t border-line bg-sunk">
      <div className="mx-auto grid max-w-page gap-x-10 gap-y-5 px-4 py-6 sm:px-6 lg:grid-cols-[1fr_auto_auto] lg:items-start">
        <div className="grid gap-1">
          <p className="text-ink">{t("common.footerPromise")}</p>
          <TextLink href="/privacy" className="inline-flex min-h-11 items-center justify-self-start">
            {t("common.privacy")}
          </TextLink>
        </div>
        <Choices label={t("common.language")}>
          {locales.map((each) => (
            <Choice key={each} name="locale" value={each} chosen={each === locale} lang={each}>
              {localeNames[each]}
            </Choice>
          ))}
        </Choices>
        <Choices label={t("common.theme")}>
          {themes.map((each) => (
            <Choice key={each} name="theme" value={each} chosen={each === theme}>
              {t(`common.themes.${each}`)}
            </Choice>
          ))}
        </Choices>
      </div>
    </footer>
  );
}

function Choices({ label, children }: { label: string; children: ReactNode }) {
  return (
    <form action={storePreference}>
      <fieldset className="grid gap-1">
        <legend className="mb-1 font-semibold">{label}</legend>
        <div className="flex flex-wrap gap-2">{children}</div>
      </fieldset>
    </form>
  );
}

interface ChoiceProps {
  name: string;
  value: string;
  chosen: boolean;
  lang?: string;
  children: ReactNode;
}

function Choice({ name, value, chosen, lang, children }: ChoiceProps) {
  return (
    <button
      type="submit"
      name={name}
      value={value}
      aria-pressed={chosen}
      {...(lang ? { lang } : {})}
      className="min-h-11 cursor-pointer rounded-card border border-edge bg-card px-3 text-ink hover:border-ink aria-pressed:border-2 aria-pressed:border-ink aria-pressed:font-semibold"
    >
      {children}
    </button>
  );
}
