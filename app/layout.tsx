/** The frame of every page: language, theme, nonce, header and footer. */
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import "@fontsource-variable/atkinson-hyperlegible-next/wght.css";
import "@fontsource-variable/literata/wght.css";
import "@fontsource-variable/literata/wght-italic.css";
import "./globals.css";
import { Footer } from "./footer";
import { Header } from "./header";
import { getLocale, getT, wordsFor } from "./i18n";
import { readTheme } from "./theme";
import { TrustedTypesPolicy } from "./trusted-types";
import { Words } from "./words";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getT();
  return {
    description: t("common.description"),
    formatDetection: { telephone: false, date: false, address: false, email: false },
  };
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f4f1ea" },
    { media: "(prefers-color-scheme: dark)", color: "#15181d" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? "";
  const [locale, theme, t] = [await getLocale(), await readTheme(), await getT()];
  return (
    <html lang={locale} {...(theme === "device" ? {} : { "data-theme": theme })}>
      <head>
        <TrustedTypesPolicy nonce={nonce} />
        {/* react-aria reads it for its two small style sheets. As a nonce attribute it is hidden from selectors. */}
        <meta property="csp-nonce" nonce={nonce} suppressHydrationWarning />
      </head>
      <body className="flex min-h-dvh flex-col">
        <a
          href="#main"
          className="absolute start-2 top-0 z-10 -translate-y-[120%] rounded-card bg-accent px-5 py-3 font-semibold text-on-accent focus:translate-y-2"
        >
          {t("common.skip")}
        </a>
        <Words {...(await wordsFor("common", "errors"))}>
          <Header />
          <main id="main" tabIndex={-1} className="flex-1 outline-none">
            {children}
          </main>
          <Footer />
        </Words>
      </body>
    </html>
  );
}
