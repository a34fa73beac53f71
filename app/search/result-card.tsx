/** One result as a small catalogue card: cover, red line, title, author, and where it stands. */
import Link from "next/link";
import type { BriefRecord } from "@/db/catalogue";
import { getFormat, getT } from "../i18n";
import { nameFormat, nameLanguage, nameOf } from "../record-words";
import { Cover } from "../ui/cover";

export async function ResultCard({ record }: { record: BriefRecord }) {
  const [t, format] = [await getT(), await getFormat()];
  const facts = [
    nameFormat(t, record.format),
    record.year === null ? "" : String(record.year),
    nameLanguage(format, record.language),
  ].filter(Boolean);
  return (
    <li className="catalogue-card relative flex">
      <div className="w-20 shrink-0 p-3 sm:w-28 sm:p-4">
        <Cover
          title={record.title}
          author={record.authors[0] ?? null}
          format={record.format}
          className="w-full"
        />
      </div>
      <span aria-hidden="true" className="w-px shrink-0 bg-rule" />
      <div className="flex min-w-0 flex-1 flex-wrap justify-between gap-x-6 gap-y-1 p-4">
        <div className="grid min-w-0 flex-[1_1_16rem] content-start gap-1">
          <h2 dir="auto" className="text-xl">
            <Link href={`/record/${record.id}`} prefetch={false} className="prose-link py-1">
              {record.title}
              {record.subtitle ? <span className="font-normal">: {record.subtitle}</span> : null}
            </Link>
          </h2>
          {record.originalTitle ? (
            <p dir="auto" className="font-title text-lg">
              {record.originalTitle}
            </p>
          ) : null}
          {record.authors.length > 0 ? (
            <p dir="auto">{record.authors.slice(0, 3).map(nameOf).join("; ")}</p>
          ) : null}
          <p className="text-muted">{facts.join(" · ")}</p>
        </div>
        {record.callNumber ? <p className="font-mono text-base text-muted">{record.callNumber}</p> : null}
      </div>
    </li>
  );
}
