/** The privacy policy in plain words: every statement with the mechanism that makes it true, and the limits. */

import { server } from "@/app/server";
import { env } from "@/lib/env";
import { bundleListAddress } from "@/lib/served-bundles";
import { getT } from "../i18n";
import { Ledger } from "../ui/ledger";
import { Page, Section } from "../ui/page-frame";
import { PageTitle } from "../ui/page-title";

const sections = [
  { id: "never", points: ["searches", "outside", "cookies", "returned"] },
  { id: "loans", points: ["live", "system"] },
  { id: "history", points: ["optIn", "sealed", "key", "guesses", "noReset"] },
  { id: "deletion", points: ["oneClick", "backups"] },
  { id: "shared", points: ["memory"] },
  { id: "limits", points: ["serverChanged", "weak", "exists", "copies", "device"] },
  { id: "check", points: ["audit", "bundles"] },
] as const;

type Point = (typeof sections)[number]["points"][number];

const readers = ["staff", "vendor", "thief", "court", "card", "next"] as const;

export default async function PrivacyPage() {
  const t = await getT();
  return (
    <Page heading={t("privacy.heading")} lead={t("privacy.lead")}>
      <PageTitle name={t("privacy.title")} />
      {sections.map(({ id, points }) => (
        <Section key={id} id={id} heading={t(`privacy.sections.${id}`)}>
          <dl className="catalogue-card relative grid gap-5 p-5 ps-9 sm:p-7 sm:ps-14">
            <span aria-hidden="true" className="absolute inset-y-0 start-4 w-px bg-rule sm:start-8" />
            {points.map((point) => (
              <Statement key={point} point={point} />
            ))}
            {id === "history" ? <VisitRule /> : null}
            {id === "deletion" ? <UnopenedRule /> : null}
          </dl>
          {id === "history" ? <Readers /> : null}
        </Section>
      ))}
    </Page>
  );
}

async function Statement({ point }: { point: Point }) {
  const t = await getT();
  return (
    <div className="grid gap-1">
      <dt className="font-title text-lg font-semibold">{t(`privacy.points.${point}.says`)}</dt>
      <dd>
        {t(`privacy.points.${point}.how`)}{" "}
        {point === "bundles" ? (
          <a className="prose-link" href={bundleListAddress}>
            {t("privacy.points.bundles.link")}
          </a>
        ) : null}
      </dd>
    </div>
  );
}

/** Said only while the library does it. */
async function UnopenedRule() {
  const { UNOPENED_VAULT_MONTHS: months } = env();
  if (months === 0) return null;
  const t = await getT();
  return (
    <div className="grid gap-1">
      <dt className="font-title text-lg font-semibold">{t("privacy.unopened.says", { months })}</dt>
      <dd>{t("privacy.unopened.how", { months })}</dd>
    </div>
  );
}

/** Said only where an open history asks the library system. */
async function VisitRule() {
  if (!server().librarySystem.capabilities.visits) return null;
  const t = await getT();
  return (
    <div className="grid gap-1">
      <dt className="font-title text-lg font-semibold">{t("privacy.visits.says")}</dt>
      <dd>{t("privacy.visits.how")}</dd>
    </div>
  );
}

async function Readers() {
  const t = await getT();
  return (
    <div className="grid gap-3 pt-4">
      <h3 className="text-xl">{t("privacy.sections.who")}</h3>
      <Ledger
        caption={t("privacy.table.label")}
        captionHidden
        label={t("privacy.table.label")}
        columns={[t("privacy.table.who"), t("privacy.table.gets")]}
      >
        {readers.map((reader) => (
          <tr key={reader}>
            <th scope="row" className="w-2/5">
              {t(`privacy.table.rows.${reader}.who`)}
            </th>
            <td>{t(`privacy.table.rows.${reader}.gets`)}</td>
          </tr>
        ))}
      </Ledger>
    </div>
  );
}
