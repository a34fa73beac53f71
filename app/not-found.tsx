/** What stands at an address where nothing is. */
import type { Metadata } from "next";
import { getT } from "./i18n";
import { SearchBox } from "./search-box";
import { Page } from "./ui/page-frame";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getT();
  return { title: t("errors.notFoundTitle"), robots: { index: false } };
}

export default async function NotFound() {
  const t = await getT();
  return (
    <Page heading={t("errors.notFoundHeading")} lead={t("errors.notFoundText")}>
      <SearchBox />
    </Page>
  );
}
