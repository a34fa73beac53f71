/** The top of every page: the library's name, the catalogue, and the reader's own pages. */
import Link from "next/link";
import { readSession } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { getT } from "./i18n";
import { SignOutForm } from "./sign-in/sign-out-form";

const item = "inline-flex min-h-11 items-center px-1.5 text-ink sm:px-2 underline-offset-4 hover:underline";

export async function Header() {
  const [t, session] = [await getT(), await readSession()];
  return (
    <header data-print="no" className="border-b-4 border-double border-edge bg-card">
      <div className="mx-auto flex max-w-page flex-wrap items-center justify-between gap-x-6 px-4 py-2 sm:px-6">
        <Link
          href="/"
          prefetch={false}
          className="flex min-h-11 min-w-0 items-center gap-2.5 font-title text-lg font-semibold sm:text-xl wrap-anywhere"
        >
          <Mark />
          {env().LIBRARY_NAME}
        </Link>
        <nav
          aria-label={t("common.siteNavigation")}
          className="-mx-1.5 flex flex-wrap items-center sm:-mx-2 sm:gap-x-2"
        >
          <Link href="/search" prefetch={false} className={item}>
            <Named long={t("common.searchTheCatalogue")} short={t("common.short.search")} />
          </Link>
          {session ? (
            <>
              <Link href="/account" prefetch={false} className={item}>
                <Named long={t("common.myAccount")} short={t("common.short.account")} />
              </Link>
              <Link href="/history" prefetch={false} className={item}>
                <Named long={t("common.myHistory")} short={t("common.short.history")} />
              </Link>
              <SignOutForm kind="link" className="px-1.5 text-ink no-underline sm:px-2" />
            </>
          ) : (
            <Link href="/sign-in" prefetch={false} className={item}>
              {t("common.signIn")}
            </Link>
          )}
        </nav>
      </div>
    </header>
  );
}

/** One row of short names on a phone, whole names where there is room. */
function Named({ long, short }: { long: string; short: string }) {
  return (
    <>
      <span className="md:hidden">{short}</span>
      <span className="max-md:hidden">{long}</span>
    </>
  );
}

/** A catalogue card: the red line, a heading, the hole for the rod. */
function Mark() {
  return (
    <svg viewBox="0 0 32 24" aria-hidden="true" className="h-6 w-8 shrink-0">
      <rect
        x="1"
        y="1"
        width="30"
        height="22"
        rx="1.5"
        fill="var(--paper)"
        stroke="var(--ink)"
        strokeWidth="1.6"
      />
      <path d="M9.5 1.5v21" stroke="var(--rule)" strokeWidth="1.6" />
      <path d="M12.5 7h13M12.5 11h9" stroke="var(--ink)" strokeWidth="1.6" />
      <circle cx="17" cy="18.2" r="1.8" fill="var(--card)" stroke="var(--ink)" strokeWidth="1.2" />
    </svg>
  );
}
