/** The languages of the interface, and how a request's own wish among them is read. */

export const locales = ["en", "es"] as const;
export type Locale = (typeof locales)[number];

/** Each language under its own name, as its speakers look for it. */
export const localeNames: Record<Locale, string> = { en: "English", es: "Español" };

export function isLocale(value: string | undefined): value is Locale {
  return locales.some((locale) => locale === value);
}

/** The patron's stored choice if there is one, else the best of Accept-Language, else English. */
export function chooseLocale(stored: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(stored)) return stored;
  const wishes = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.map((p) => /^\s*q=([\d.]+)/.exec(p)?.[1]).find((q) => q !== undefined);
      return { language: tag.split("-")[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter((wish) => wish.quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wishes.map((wish) => wish.language).find(isLocale) ?? "en";
}
