/** The copies of a record and the branch that each belongs to. */
import type { FullRecord } from "@/db/catalogue";
import { getT } from "../../i18n";
import { Section } from "../../ui/page-frame";

interface CopiesProps {
  items: FullRecord["items"];
  recordCallNumber: string | null;
}

export async function Copies({ items, recordCallNumber }: CopiesProps) {
  const t = await getT();
  return (
    <Section id="copies" heading={t("record.copies")}>
      {items.length === 0 ? (
        <p>{t("record.noCopies")}</p>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2">
          {items.map((item) => (
            <li key={item.barcode} className="catalogue-card grid gap-0.5 px-5 py-4">
              <span className="font-semibold">{item.branch}</span>
              <span className="font-mono text-base">{item.callNumber ?? recordCallNumber}</span>
              <span className="text-base text-muted">
                {t("record.barcode")} {item.barcode}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
