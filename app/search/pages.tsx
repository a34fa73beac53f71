/** Earlier and later pages of search results, as links. */
import { getT } from "../i18n";
import { ButtonLink } from "../ui/button";

export async function Pages({ q, page, pages }: { q: string; page: number; pages: number }) {
  const t = await getT();
  const to = (target: number) => ({
    pathname: "/search",
    query: { q, ...(target > 1 ? { page: target } : {}) },
  });
  return (
    <nav aria-label={t("search.pages")} className="flex flex-wrap items-center justify-between gap-3">
      {page > 1 ? (
        <ButtonLink kind="quiet" rel="prev" href={to(page - 1)}>
          {t("search.previous")}
        </ButtonLink>
      ) : (
        <span />
      )}
      <p className="text-muted">{t("search.page", { page, pages })}</p>
      {page < pages ? (
        <ButtonLink kind="quiet" rel="next" href={to(page + 1)}>
          {t("search.next")}
        </ButtonLink>
      ) : (
        <span />
      )}
    </nav>
  );
}
