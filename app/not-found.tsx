/** What stands at an address where nothing is. */
import type { Metadata } from "next";
import { getT } from "./i18n";
import { SearchBox } from "./search-box";
import { Page } from "./ui/page-frame";
import { PageTitle } from "./ui/page-title";

export const metadata: Metadata = { robots: { index: false } };

export default async function NotFound() {
  const t = await getT();
  return (
    <Page heading={t("errors.notFoundHeading")} lead={t("errors.notFoundText")}>
      <PageTitle name={t("errors.notFoundTitle")} />
      <SearchBox />
    </Page>
  );
}
