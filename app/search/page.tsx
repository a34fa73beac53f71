/** Search results, rendered on the server. The words of a search are kept nowhere and logged nowhere. */
import type { Metadata } from "next";
import { type FoundRecords, searchCatalogue } from "@/db/catalogue";
import { getT } from "../i18n";
import { longestQuery, SearchBox } from "../search-box";
import { server } from "../server";
import { Notice } from "../ui/notice";
import { PageTitle } from "../ui/page-title";
import { TextLink } from "../ui/text-link";
import { Pages } from "./pages";
import { ResultCard } from "./result-card";

interface SearchPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const pageSize = 20;

export const metadata: Metadata = { robots: { index: false } };

export default async function SearchPage({ searchParams }: SearchPageProps) {
  const { q, page } = readSearch(await searchParams);
  const t = await getT();
  const found = q
    ? await searchCatalogue(server().db, { q, limit: pageSize, offset: (page - 1) * pageSize })
    : null;
  return (
    <div className="mx-auto grid w-full max-w-page gap-8 px-4 py-8 sm:px-6 sm:py-10">
      <PageTitle name={q ? t("search.titleFor", { q }) : t("search.title")} />
      <div className="w-full max-w-measure">
        <SearchBox q={q} />
      </div>
      {found ? (
        <Results q={q} page={page} found={found} />
      ) : (
        <div className="grid max-w-measure gap-3">
          <h1 className="text-3xl">{t("search.emptyHeading")}</h1>
          <p>{t("search.emptyHelp")}</p>
        </div>
      )}
    </div>
  );
}

async function Results({ q, page, found }: { q: string; page: number; found: FoundRecords }) {
  const t = await getT();
  const { total, items, match } = found;
  if (total === 0) return <NothingFound q={q} />;
  const pages = Math.ceil(total / pageSize);
  const from = (page - 1) * pageSize + 1;
  return (
    <>
      <div className="grid gap-2">
        <h1 className="text-2xl sm:text-3xl">{t("search.results", { total, q })}</h1>
        {match === "beginning" ? <p className="text-muted">{t("search.matchBeginning")}</p> : null}
        {match === "some" ? <p className="text-muted">{t("search.matchSome")}</p> : null}
        {pages > 1 && items.length > 0 ? (
          <p className="text-muted">{t("search.range", { from, to: from + items.length - 1, total })}</p>
        ) : null}
      </div>
      {items.length > 0 ? (
        <ol start={from} className="grid gap-4">
          {items.map((record) => (
            <ResultCard key={record.id} record={record} />
          ))}
        </ol>
      ) : (
        <Notice>
          <p>{t("search.beyond", { page })}</p>
          <p>
            <TextLink href={{ pathname: "/search", query: { q } }}>{t("search.toFirst")}</TextLink>
          </p>
        </Notice>
      )}
      {pages > 1 && items.length > 0 ? <Pages q={q} page={page} pages={pages} /> : null}
    </>
  );
}

async function NothingFound({ q }: { q: string }) {
  const t = await getT();
  return (
    <div className="grid max-w-measure gap-3">
      <h1 className="text-2xl sm:text-3xl">{t("search.noneHeading", { q })}</h1>
      <p>{t("search.noneAdvice")}</p>
      <ul className="grid list-disc gap-1 ps-6">
        <li>{t("search.noneSpelling")}</li>
        <li>{t("search.noneFewer")}</li>
        <li>{t("search.noneIsbn")}</li>
        <li>{t("search.noneAsk")}</li>
      </ul>
    </div>
  );
}

function readSearch(given: Record<string, string | string[] | undefined>): { q: string; page: number } {
  const q = typeof given.q === "string" ? given.q.trim().slice(0, longestQuery) : "";
  const page = typeof given.page === "string" && /^[1-9]\d{0,4}$/.test(given.page) ? Number(given.page) : 1;
  return { q, page };
}
