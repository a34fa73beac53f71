/** The first page: the search box, some books from the shelves, and what the private reading history is. */
import { countRecords, sampleShelf } from "@/db/catalogue";
import { getT } from "./i18n";
import { SearchBox } from "./search-box";
import { server } from "./server";
import { Shelf } from "./shelf";
import { ButtonLink } from "./ui/button";
import { PageTitle } from "./ui/page-title";
import { TextLink } from "./ui/text-link";

const dayMs = 86_400_000;

export default async function HomePage() {
  const { db } = server();
  const today = Math.floor(Date.now() / dayMs);
  const [t, count, shelf] = await Promise.all([getT(), countRecords(db), sampleShelf(db, 12, today)]);
  return (
    <>
      <PageTitle />
      <div className="mx-auto grid max-w-page gap-12 px-4 py-8 sm:gap-16 sm:px-6 sm:py-14">
        <div className="mx-auto grid w-full max-w-measure gap-6">
          <div className="grid justify-items-center gap-4 text-center">
            <h1 className="text-4xl font-medium sm:text-5xl">{t("search.homeTitle")}</h1>
            <Fleuron />
          </div>
          <SearchBox />
          {count > 0 ? <p className="text-muted">{t("search.holdings", { count })}</p> : null}
        </div>
        {shelf.length > 0 ? (
          <section aria-labelledby="shelf" className="grid gap-5">
            <h2 id="shelf" className="text-2xl">
              {t("search.shelf")}
            </h2>
            <Shelf records={shelf} />
          </section>
        ) : null}
        <section
          aria-labelledby="history"
          className="catalogue-card relative flex items-center justify-between gap-12 p-5 ps-8 sm:p-8 sm:ps-14"
        >
          <span aria-hidden="true" className="absolute inset-y-0 start-4 w-px bg-rule sm:start-8" />
          <div className="grid max-w-[42rem] gap-4">
            <h2 id="history" className="text-2xl">
              {t("search.historyHeading")}
            </h2>
            <p>{t("search.history")}</p>
            <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
              <ButtonLink kind="quiet" href="/history/setup">
                {t("search.historyLink")}
              </ButtonLink>
              <TextLink href="/privacy" className="inline-flex min-h-11 items-center">
                {t("search.privacyLink")}
              </TextLink>
            </div>
          </div>
          <ClaspedBook />
        </section>
      </div>
    </>
  );
}

/** A commonplace book, shut with a clasp. */
function ClaspedBook() {
  return (
    <svg viewBox="0 0 120 150" aria-hidden="true" className="hidden h-44 shrink-0 lg:block">
      <path d="M16 14h84v118H24a8 8 0 0 1-8-8z" fill="#1d2f52" />
      <path d="M24 132h76v-10H24a5 5 0 0 0 0 10z" fill="#f7f1e1" stroke="#1d2f52" strokeWidth="2" />
      <path d="M24 14v108" stroke="#101d36" strokeWidth="2" />
      <rect x="36" y="30" width="50" height="30" fill="#f7f1e1" />
      <path d="M42 40h38M48 49h26" stroke="#8a7a5c" strokeWidth="1.6" />
      <path d="M76 82h32v18H76z" fill="#b5443a" />
      <circle cx="86" cy="91" r="11" fill="#e9d9a6" stroke="#6d5720" strokeWidth="1.6" />
      <path d="M86 86.5a2.4 2.4 0 0 1 1.2 4.5l1 5h-4.4l1-5a2.4 2.4 0 0 1 1.2-4.5z" fill="#43330f" />
    </svg>
  );
}

/** A printer's ornament, as under the title of a book. */
function Fleuron() {
  return (
    <svg viewBox="0 0 160 14" aria-hidden="true" className="h-auto w-40 max-w-full text-rule">
      <path d="M0 7h62M98 7h62" stroke="currentColor" strokeWidth="1" />
      <path d="M80 1l6 6-6 6-6-6z" fill="currentColor" />
      <circle cx="67" cy="7" r="1.8" fill="currentColor" />
      <circle cx="93" cy="7" r="1.8" fill="currentColor" />
    </svg>
  );
}
