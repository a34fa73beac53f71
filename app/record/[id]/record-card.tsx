/** A record set as a catalogue card: call number and cover left of the red line, the entry and its tracings right of it. */
import type { ReactNode } from "react";
import type { FullRecord } from "@/db/catalogue";
import { getFormat, getT } from "../../i18n";
import { nameFormat, nameLanguage, nameSubject } from "../../record-words";
import { Cover } from "../../ui/cover";
import { TextLink } from "../../ui/text-link";

export async function RecordCard({ record }: { record: FullRecord }) {
  const [t, format] = [await getT(), await getFormat()];
  const [author, ...others] = record.authors;
  return (
    <article className="catalogue-card relative grid sm:grid-cols-[12rem_1px_1fr]">
      <div className="flex items-start gap-5 p-5 sm:grid sm:content-start sm:p-6">
        <Cover
          title={record.title}
          author={author ?? null}
          format={record.format}
          className="w-28 shrink-0 sm:w-full"
        />
        {record.callNumber ? <CallNumber label={t("record.callNumber")} value={record.callNumber} /> : null}
      </div>
      <span aria-hidden="true" className="h-px w-full bg-rule sm:h-full sm:w-px" />
      <div className="grid min-w-0 content-start gap-5 p-5 sm:p-8">
        <header className="grid gap-2">
          {author ? (
            <p dir="auto" className="text-lg">
              <SearchLink q={author} />
            </p>
          ) : null}
          <h1
            dir="auto"
            className={record.title.length > 60 ? "text-2xl sm:text-3xl" : "text-3xl sm:text-4xl"}
          >
            {record.title}
            {record.subtitle ? (
              <span className="block pt-1 text-2xl font-normal">{record.subtitle}</span>
            ) : null}
          </h1>
          {record.originalTitle ? (
            <p dir="auto" className="font-title text-2xl">
              <span className="sr-only">{t("record.originalTitle")}: </span>
              {record.originalTitle}
            </p>
          ) : null}
          {record.responsibility ? (
            <p dir="auto" className="text-muted">
              {record.responsibility}
            </p>
          ) : null}
        </header>
        {record.summary ? <p dir="auto">{record.summary}</p> : null}
        <dl className="grid gap-x-6 gap-y-1.5 min-[22rem]:grid-cols-[auto_1fr]">
          <Fact name={t("record.format")}>{nameFormat(t, record.format)}</Fact>
          <Fact name={t("record.language")}>{nameLanguage(format, record.language)}</Fact>
          <Fact name={t("record.edition")}>{record.edition}</Fact>
          <Fact name={t("record.publisher")}>{record.publisher}</Fact>
          <Fact name={t("record.year")}>{record.year}</Fact>
          <Fact name={t("record.extent")}>{record.extent}</Fact>
          <Fact name={t("record.series")}>{record.series.join("; ")}</Fact>
          <Fact name={t("record.isbn", { count: record.isbns.length })}>{record.isbns.join(", ")}</Fact>
          <Fact name={t("record.otherAuthors")}>
            {others.length > 0 ? <Tracings headings={others} /> : null}
          </Fact>
          <Fact name={t("record.subjects")}>
            {record.subjects.length > 0 ? <Tracings headings={record.subjects} /> : null}
          </Fact>
        </dl>
      </div>
    </article>
  );
}

/** Set as on a spine: one part to a line. */
function CallNumber({ label, value }: { label: string; value: string }) {
  return (
    <p className="grid font-mono leading-snug">
      <span className="sr-only">{label}: </span>
      {value.split(/\s+/).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one call number never change their order
        <span key={index}>{part} </span>
      ))}
    </p>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === "") return null;
  return (
    <>
      <dt className="text-muted not-first:mt-2 min-[22rem]:mt-0!">{name}</dt>
      <dd dir="auto" className="min-w-0">
        {children}
      </dd>
    </>
  );
}

function Tracings({ headings }: { headings: readonly string[] }) {
  return (
    <ul className="grid gap-1">
      {headings.map((heading) => (
        <li key={heading}>
          <SearchLink q={heading} label={nameSubject(heading)} />
        </li>
      ))}
    </ul>
  );
}

function SearchLink({ q, label = q }: { q: string; label?: string }) {
  return (
    <TextLink href={{ pathname: "/search", query: { q } }} className="py-1">
      {label}
    </TextLink>
  );
}
